/// A message in protobuf's wire form: fields in the order in which they are added.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  /// Adds a number of variable length.
  mutating func integer(_ field: Int, _ value: Int) {
    varint(UInt64(field) << 3)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a double in 8 bytes.
  mutating func double(_ field: Int, _ value: Double) {
    varint(UInt64(field) << 3 | 1)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  /// Adds a float in 4 bytes.
  mutating func float(_ field: Int, _ value: Float) {
    varint(UInt64(field) << 3 | 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  /// Adds text.
  mutating func text(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  /// Adds a message within this one.
  mutating func message(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  private mutating func add(_ field: Int, _ content: [UInt8]) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(content.count))
    bytes += content
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}

/// The records that TensorFlow's files consist of.
package enum TFRecord {
  /// A message with its length and checksums.
  static func bytes(of message: [UInt8]) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(message.count).littleEndian) { Array($0) }
    return length + checksum(length) + message + checksum(message)
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    let crc = crc32c(bytes)
    let masked = (crc >> 15 | crc << 17) &+ 0xA282_EAD8
    return withUnsafeBytes(of: masked.littleEndian) { Array($0) }
  }

  /// Castagnoli's cyclic redundancy check.
  package static func crc32c(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)]
    }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in
      crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1
    }
  }
}
