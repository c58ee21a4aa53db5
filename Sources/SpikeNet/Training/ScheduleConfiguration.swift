/// The learning rate of every epoch, in timm's names.
public struct ScheduleConfiguration: Codable, Hashable, Sendable {
  /// What follows the warm-up.
  public enum Shape: String, ConfigurationChoice {
    /// The same rate throughout.
    case constant
    /// A factor at every milestone.
    case step
    /// Half a cosine down to the minimum.
    case cosine
  }

  /// What follows the warm-up.
  public var name = Shape.cosine
  /// Epochs in which the rate rises.
  public var warmUpEpochs = 2
  /// The rate of the first epoch of a warm-up.
  public var warmUpRate = 1e-5
  /// The rate at which a cosine ends.
  public var minimumRate = 1e-5
  /// Further epochs at the end of the run, at the rate at which the schedule ends.
  public var cooldownEpochs = 0
  /// Epochs from which `step` multiplies; numbers below 1 are shares of all epochs.
  public var milestones = [0.75]
  /// Epochs from one multiplication of `step` to the next; 0 to use the milestones.
  public var decayEpochs = 0
  /// What `step` multiplies by.
  public var decayRate = 0.1

  /// Creates the default.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case name
    case warmUpEpochs = "warmup_epochs"
    case warmUpRate = "warmup_lr"
    case minimumRate = "min_lr"
    case cooldownEpochs = "cooldown_epochs"
    case milestones
    case decayEpochs = "decay_epochs"
    case decayRate = "decay_rate"
  }

  /// The schedule of a run.
  func schedule(base: Double, epochs: Int) -> LearningRateSchedule {
    let decay: LearningRateSchedule.Decay =
      switch name {
      case .constant: .constant
      case .step:
        .milestones(milestones(epochs: epochs), factor: decayRate)
      case .cosine: .cosine(epochs: epochs, minimum: minimumRate)
      }
    return LearningRateSchedule(
      base: base,
      warmUpEpochs: warmUpEpochs,
      warmUpRate: warmUpRate,
      decay: decay
    )
  }

  private func milestones(epochs: Int) -> [Int] {
    guard decayEpochs == 0 else {
      return Array(stride(from: decayEpochs, to: max(epochs, decayEpochs), by: decayEpochs))
    }
    return milestones.map { Int($0 < 1 ? $0 * Double(epochs) : $0) }
  }
}
