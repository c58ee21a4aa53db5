/// The integer type in which a recording's own library keeps its timestamps.
///
/// `EventBuffer` widens all timestamps to 64 bits. Where a reference computes with them in fewer
/// bits its results wrap around; cutting by time repeats that, so that slices stay equal to it.
public struct TimestampType: Hashable, Codable, Sendable {
  /// The width in bits: 8, 16, 32 or 64.
  public let bits: Int
  /// Whether negative values exist.
  public let isSigned: Bool

  /// Creates a type.
  public init(bits: Int, isSigned: Bool) {
    precondition([8, 16, 32, 64].contains(bits), "no integer has \(bits) bits")
    self.bits = bits
    self.isSigned = isSigned
  }

  /// 64-bit signed: AEDAT 3.1 in SpikingJelly, and the default.
  public static let int64 = TimestampType(bits: 64, isSigned: true)
  /// 32-bit unsigned: AEDAT 2.0 and ATIS recordings in SpikingJelly.
  public static let uint32 = TimestampType(bits: 32, isSigned: false)
}
