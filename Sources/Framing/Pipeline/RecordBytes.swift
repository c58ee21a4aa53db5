/// Numbers to bytes, in this machine's order.
struct RecordWriter {
  /// What was written.
  private(set) var bytes: [UInt8] = []

  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  mutating func append<Number: FixedWidthInteger>(contentsOf numbers: [Number]) {
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Appends the number of UTF-8 bytes, then the bytes.
  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }
}

/// Bytes to numbers, in this machine's order; nil beyond the end.
struct RecordReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.count - position >= size else { return nil }
    defer { position += size }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Number.self) }
  }

  mutating func numbers<Number: FixedWidthInteger>(_: Number.Type, count: Int) -> [Number]? {
    guard count >= 0, count <= (bytes.count - position) / MemoryLayout<Number>.size else {
      return nil
    }
    return (0..<count).compactMap { _ in number(Number.self) }
  }

  /// A text as ``RecordWriter`` writes it.
  mutating func text() -> String? {
    guard let count = number(Int.self), count >= 0, count <= bytes.count - position else {
      return nil
    }
    defer { position += count }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }

  /// All bytes that have not been read.
  var rest: [UInt8] { Array(bytes[position...]) }
}
