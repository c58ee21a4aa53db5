/// What one operation costs: by convention 45 nm CMOS with 32-bit floats (Horowitz, 2014).
public struct EnergyConstants: Hashable, Sendable {
  /// Picojoules of a multiplication and an addition.
  public var macPicojoules = 4.6
  /// Picojoules of an addition.
  public var acPicojoules = 0.9

  /// The convention of the field.
  public init() {}

  /// The energy of some operations, in millijoules.
  public func millijoules(macs: Double, acs: Double) -> Double {
    (macPicojoules * macs + acPicojoules * acs) * 1e-9
  }
}
