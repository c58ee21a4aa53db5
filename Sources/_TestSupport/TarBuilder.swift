/// Puts tar archives together member by member, also ones that no program would write.
public struct TarBuilder: Sendable {
  /// The archive so far, without its end.
  public private(set) var bytes: [UInt8] = []

  /// Starts an empty archive.
  public init() {}

  /// Appends a member in the ustar format.
  ///
  /// - Parameters:
  ///   - announced: The size in the header; that of the content if nil.
  ///   - type: `0` for a file, `5` for a folder, `2` for a symbolic link.
  public mutating func add(
    _ name: String,
    _ content: [UInt8] = [],
    announced: Int? = nil,
    type: Character = "0",
    link: String = ""
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    func octal(_ value: Int, digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(name, at: 0)
    put("0000644\0" + "0000000\0" + "0000000\0", at: 100)
    put(octal(announced ?? content.count, digits: 11), at: 124)
    put(octal(0, digits: 11), at: 136)
    put(String(type), at: 156)
    put(link, at: 157)
    put("ustar\0" + "00", at: 257)
    put("        ", at: 148)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + "\0 ", at: 148)
    bytes += header + content
    bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  /// The whole archive.
  public var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
