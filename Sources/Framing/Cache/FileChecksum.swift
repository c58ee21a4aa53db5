import Foundation
import HDF5

/// The checksum of a cache's bytes, which finds what the checksums of its content cannot: damage
/// where this program does not look and others do.
///
/// It is the CRC-32 of the file as it is while the root attribute `file_checksum` is 0, which also
/// says that it is not known: for programs that change a cache on purpose.
struct FileChecksum {
  /// What the file says; 0 if it is not known.
  let stored: Int64
  /// What its bytes give.
  let computed: Int64
  private let address: Int

  private static let valueBytes = 8
  private static let blockBytes = 1 << 20

  /// Reads the whole file; nil if it has no such attribute.
  init?(_ file: HDF5Reader) throws(HDF5Error) {
    guard let address = file.addressOfAttribute(CacheSchema.fileChecksum) else { return nil }
    self.address = address
    stored = try file.integerAttribute(CacheSchema.fileChecksum)
    let value = address..<address + Self.valueBytes
    var sum = Checksum()
    var bytes: [UInt8] = []
    var start = 0
    while start < file.byteCount {
      let range = start..<min(start + Self.blockBytes, file.byteCount)
      try file.readBytes(range, into: &bytes)
      for place in value.clamped(to: range) { bytes[place - start] = 0 }
      sum.add(bytes)
      start = range.upperBound
    }
    computed = Int64(sum.value)
  }

  /// Whether the bytes are those that were written, as far as that is known.
  var isRight: Bool { stored == 0 || stored == computed }

  /// Writes what was computed to its place.
  func store(in path: String) throws(HDF5Error) {
    let bytes = withUnsafeBytes(of: computed.littleEndian) { Array($0) }
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    guard pwrite(descriptor, bytes, bytes.count, off_t(address)) == bytes.count else {
      throw Self.failure(path)
    }
  }

  private static func failure(_ path: String) -> HDF5Error {
    HDF5Error(.write, file: path, reason: String(cString: strerror(errno)))
  }
}
