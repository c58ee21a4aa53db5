import SpikeNet

/// The bytes of a pickle, read from front to back; every length is checked against what is left.
struct PickleBytes {
  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func byte() throws(SpikeNetError) -> UInt8 {
    guard position < bytes.count else { throw truncated(1, at: position) }
    position += 1
    return bytes[position - 1]
  }

  mutating func take(_ count: UInt64) throws(SpikeNetError) -> ArraySlice<UInt8> {
    guard count <= UInt64(bytes.count - position) else { throw truncated(count, at: position) }
    let end = position + Int(count)
    defer { position = end }
    return bytes[position..<end]
  }

  /// An unsigned number, lowest byte first.
  mutating func unsigned(_ width: Int) throws(SpikeNetError) -> UInt64 {
    try take(UInt64(width)).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number in two's complement, lowest byte first; nil if it takes more than 64 bits.
  mutating func signed(_ width: UInt64) throws(SpikeNetError) -> Int? {
    let digits = try take(width)
    guard digits.count <= 8 else { return nil }
    let magnitude = digits.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let unused = UInt64(64 - 8 * digits.count)
    return Int(Int64(bitPattern: magnitude << unused) >> unused)
  }

  /// A double, highest byte first.
  mutating func real() throws(SpikeNetError) -> Double {
    Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  mutating func text(_ count: UInt64) throws(SpikeNetError) -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  /// Text up to the end of a line.
  mutating func line() throws(SpikeNetError) -> String {
    let room = bytes[position...].prefix(Self.longestName)
    guard let end = room.firstIndex(of: UInt8(ascii: "\n")) else {
      throw SpikeNetError(
        .corrupt,
        "a name without an end within \(room.count) bytes",
        byteOffset: position
      )
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private static let longestName = 1024

  private func truncated(_ count: UInt64, at offset: Int) -> SpikeNetError {
    SpikeNetError(
      .corrupt,
      "the pickle needs \(count) bytes here, and \(bytes.count - offset) follow; it is truncated or "
        + "damaged",
      byteOffset: offset
    )
  }
}
