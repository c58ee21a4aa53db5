/// The sign of a brightness change.
@frozen
public enum Polarity: UInt8, Sendable, CaseIterable {
  /// Brightness fell; channel 0 of a frame.
  case off = 0
  /// Brightness rose; channel 1 of a frame.
  case on = 1
}
