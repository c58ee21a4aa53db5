import CZlib

/// Checks the sum that ZIP archives keep of every member.
struct CRC32: Equatable {
  private(set) var value: UInt32 = 0

  /// Takes the next bytes in.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    let start = base.assumingMemoryBound(to: UInt8.self)
    value = UInt32(truncatingIfNeeded: crc32_z(uLong(value), start, bytes.count))
  }
}
