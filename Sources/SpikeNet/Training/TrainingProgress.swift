/// Where a run is: with the weights and slots, all that continuing it needs.
public struct TrainingProgress: Codable, Hashable, Sendable {
  /// The best epoch so far.
  public struct Best: Codable, Hashable, Sendable {
    /// The epoch, from 1.
    public var epoch: Int
    /// Its accuracy on the part that decides.
    public var top1: Double
  }

  /// Epochs that are done.
  public var epoch = 0
  /// Steps of the current epoch that are done.
  public var step = 0
  /// Steps of the whole run that are done.
  public var totalSteps = 0
  /// Sums over the current epoch.
  public var metrics: Metrics
  /// The largest gradient norm of the current epoch.
  public var gradientNorm = 0.0
  /// The time that the steps of the current epoch took.
  public var seconds = 0.0
  /// The time that they waited for their batches; not saved.
  public var waitSeconds = 0.0
  /// The epochs that are done.
  public var history: [EpochRecord] = []
  /// The best of them.
  public var best: Best?

  /// The start of a run.
  public init(classes: Int) {
    metrics = Metrics(classes: classes)
  }

  enum CodingKeys: String, CodingKey {
    case epoch, step, metrics, seconds, history, best
    case totalSteps = "total_steps"
    case gradientNorm = "grad_norm"
  }
}
