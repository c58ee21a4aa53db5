import CDeflate
import EventIO

/// The size of some content and its CRC-32: tells whether it changed, not meant against forgery.
public struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
  private var byteCount = 0
  private var checksum: UInt32 = 0

  /// The digest of nothing.
  public init() {}

  /// The digest of content whose size and CRC-32 are known already, as those of a ZIP member are.
  public init(byteCount: Int, checksum: UInt32) {
    self.byteCount = byteCount
    self.checksum = checksum
  }

  /// Takes the next bytes in.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    byteCount += bytes.count
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    checksum = libdeflate_crc32(checksum, start, bytes.count)
  }

  /// The size and the checksum, such as `4096-1c291ca3`.
  public var description: String { "\(byteCount)-\(String(checksum, radix: 16))" }
}

extension ContentDigest {
  /// The digest of bytes in memory.
  init(of bytes: [UInt8]) {
    self.init()
    bytes.withUnsafeBytes { add($0) }
  }

  /// Reads a source to its end.
  init(of source: ByteSource) throws(RecordingError) {
    self.init()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { room.deallocate() }
    while true {
      let count = try source.read(into: room)
      add(UnsafeRawBufferPointer(rebasing: room[..<count]))
      if count < room.count { return }
    }
  }
}
