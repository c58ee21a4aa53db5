/// Puts bytes together, number by number, in either byte order.
public struct ByteBuilder: Sendable {
  /// What has been put together.
  public private(set) var bytes: [UInt8] = []

  /// Starts with nothing.
  public init() {}

  /// Appends text as UTF-8.
  public mutating func text(_ text: String) { bytes += Array(text.utf8) }

  /// Appends bytes as they are.
  public mutating func raw(_ more: [UInt8]) { bytes += more }

  /// Appends a number, lowest byte first.
  public mutating func little<T: FixedWidthInteger>(_ number: T) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }

  /// Appends a number, highest byte first.
  public mutating func big<T: FixedWidthInteger>(_ number: T) {
    withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
  }
}
