import CZlib
import Foundation

/// A digest that tells whether source files changed; not meant against forgery.
public struct SourceFingerprint: Hashable, Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Starts a digest of nothing.
  public init() {}

  /// The digest as a number.
  var bits: UInt64 { state }

  /// The digest as 16 hexadecimal digits.
  public var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Takes text in: FNV-1a of its UTF-8 bytes, ended by a zero.
  public mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(0)
  }

  private mutating func add(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// Bytes that are read at the front, in the middle and at the end of a large file.
  private static let blockSize = 1 << 16

  /// What stands for a file's content: its size and a checksum.
  ///
  /// Files of more than 192 KiB are checked at the front, in the middle and at the end only.
  ///
  /// - Throws: ``FramingError`` of kind `missing` or `inputOutput`.
  public static func content(of path: String) throws(FramingError) -> String {
    try requireReadableFile(path)
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw FramingError(.inputOutput, "the file cannot be read", path: path)
    }
    do {
      let size = try file.seekToEnd()
      let block = UInt64(blockSize)
      let starts = size <= 3 * block ? [0] : [0, size / 2, size - block]
      var checksum = crc32(0, nil, 0)
      for start in starts {
        try file.seek(toOffset: start)
        let count = size <= 3 * block ? Int(size) : blockSize
        let bytes = [UInt8](try file.read(upToCount: count) ?? Data())
        checksum = crc32(checksum, bytes, uInt(bytes.count))
      }
      return "\(size)-\(String(checksum, radix: 16))"
    } catch {
      throw FramingError(.inputOutput, "the file cannot be read: \(error)", path: path)
    }
  }
}
