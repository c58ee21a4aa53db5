/// What randomness is for: every purpose has sequences of its own.
///
/// Generators are made from the seed, a purpose and a position, never carried along; so a run that
/// is resumed, or that reads ahead on several threads, draws the same numbers.
public enum RandomStream: UInt64, Sendable {
  /// Initial weights.
  case weights
  /// The order of samples in an epoch.
  case order
  /// Random layers of a training step.
  case passes
  /// How each sample of an epoch is changed.
  case augmentation
  /// How the samples of a batch are mixed.
  case mixing
  /// Which frames of a batch are left.
  case frames

  /// The generator of this purpose at a position, such as an epoch.
  public func generator(seed: Int, position: Int = 0) -> SeededGenerator {
    var purpose = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)), stream: rawValue)
    return SeededGenerator(
      seed: purpose.next(),
      stream: UInt64(bitPattern: Int64(position))
    )
  }
}
