/// How the samples of a batch are mixed with one another, in timm's terms; off by default.
///
/// Each sample is mixed with the one that has its place counted from the end of the batch.
public struct MixingConfiguration: Codable, Hashable, Sendable {
  /// α of the weights of mixup; 0 for none.
  public var mixup = 0.0
  /// α of the weights of cutmix; 0 for none.
  public var cutmix = 0.0
  /// α of the weights of EventMix; 0 for none.
  public var eventMix = 0.0
  /// The probability that a batch is mixed at all.
  public var probability = 1.0
  /// The probability of cutmix, where mixup is on as well.
  public var switchProbability = 0.5
  /// The number of epochs after which batches are no longer mixed; 0 for never.
  public var offEpoch = 0

  /// Creates the default, which mixes nothing.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case mixup, cutmix
    case eventMix = "eventmix"
    case probability = "prob"
    case switchProbability = "switch_prob"
    case offEpoch = "off_epoch"
  }

  /// Decides what happens to a batch of an epoch that counts from 0; nil for nothing.
  ///
  /// - Parameter shape: The batch's frames, `[T, B, H, W, C]`.
  public func mix(
    epoch: Int,
    shape: Shape,
    using generator: inout SeededGenerator
  ) -> BatchMix? {
    guard offEpoch == 0 || epoch < offEpoch, mixup > 0 || cutmix > 0 || eventMix > 0,
      shape[1] > 1, generator.chance(probability)
    else { return nil }
    if eventMix > 0 {
      let share = 1 - generator.beta(eventMix)
      return .masked(EventMask(share: share, shape: shape, using: &generator))
    }
    if cutmix > 0, mixup == 0 || generator.chance(switchProbability) {
      return .box(weight: generator.beta(cutmix), shape: shape, using: &generator)
    }
    return .blend(weight: generator.beta(mixup))
  }
}
