import CDeflate

/// CRC-32 as zlib has it, taken in steps.
struct Checksum: Hashable, Sendable {
  /// The checksum of everything so far.
  private(set) var value: UInt32

  /// Begins with nothing, or goes on from a checksum.
  init(value: UInt32 = 0) { self.value = value }

  /// Takes bytes in.
  mutating func add(_ bytes: [UInt8]) { add(bytes, byteCount: bytes.count) }

  /// Takes the UTF-8 bytes of a text in.
  mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// Takes numbers in, least significant byte first.
  mutating func add(_ numbers: [Int64]) {
    add(numbers.map { $0.littleEndian }, byteCount: 8 * numbers.count)
  }

  /// Takes numbers in, least significant byte first.
  mutating func add(_ numbers: [UInt32]) {
    add(numbers.map { $0.littleEndian }, byteCount: 4 * numbers.count)
  }

  /// Takes counts in as a cache stores them: in `type`, least significant byte first.
  mutating func add(_ counts: [Int32], _ range: Range<Int>, as type: CountType) {
    switch type {
    case .uint8: add(counts[range].map { UInt8(truncatingIfNeeded: $0) })
    case .int16:
      let values = counts[range].map { Int16(truncatingIfNeeded: $0).littleEndian }
      add(values, byteCount: 2 * values.count)
    case .int32:
      let values = counts[range].map { $0.littleEndian }
      add(values, byteCount: 4 * values.count)
    }
  }

  private mutating func add(_ memory: UnsafeRawPointer, byteCount: Int) {
    value = libdeflate_crc32(value, memory, byteCount)
  }
}
