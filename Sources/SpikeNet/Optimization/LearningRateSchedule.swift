import Foundation

/// The learning rate of every epoch: a linear warm-up, then a decay, as timm does it.
///
/// The decay counts from the start of the run, not from the end of the warm-up: a cosine starts
/// below its maximum after a warm-up.
public struct LearningRateSchedule: Hashable, Sendable {
  /// What follows the warm-up.
  public enum Decay: Hashable, Sendable {
    /// The base rate throughout.
    case constant
    /// The base rate times `factor` for every milestone that has been reached, in epochs.
    case milestones([Int], factor: Double)
    /// Half a cosine from the base rate at epoch 0 to `minimum` at `epochs`, and `minimum` after.
    case cosine(epochs: Int, minimum: Double)
  }

  /// The rate that the decay starts from.
  public var base: Double
  /// The number of epochs before the decay takes over.
  public var warmUpEpochs: Int
  /// The rate of epoch 0 if there is a warm-up.
  public var warmUpRate: Double
  /// What follows the warm-up.
  public var decay: Decay

  /// Creates a schedule.
  public init(
    base: Double,
    warmUpEpochs: Int = 0,
    warmUpRate: Double = 0,
    decay: Decay = .constant
  ) {
    self.base = base
    self.warmUpEpochs = warmUpEpochs
    self.warmUpRate = warmUpRate
    self.decay = decay
  }

  /// The rate that every step of an epoch uses; epochs count from 0.
  public func rate(epoch: Int) -> Double {
    if epoch < warmUpEpochs {
      return warmUpRate + Double(epoch) * (base - warmUpRate) / Double(warmUpEpochs)
    }
    switch decay {
    case .constant: return base
    case .milestones(let milestones, let factor):
      return base * pow(factor, Double(milestones.count { epoch >= $0 }))
    case .cosine(let epochs, let minimum):
      guard epoch < epochs else { return minimum }
      let phase = Double.pi * Double(epoch) / Double(epochs)
      return minimum + 0.5 * (base - minimum) * (1 + cos(phase))
    }
  }
}
