/// Fits a model to data, one batch after the other.
///
/// The same model, data and configuration give the same weights, bit for bit: for any number of
/// threads, and whether or not the run was interrupted and continued.
public final class Trainer {
  /// Why ``run(_:until:)`` returned.
  public enum Outcome: Sendable {
    /// All epochs are done.
    case finished
    /// It was asked to stop; the last checkpoint continues from there.
    case stopped
  }

  /// The model, which changes while training.
  public let model: any Model
  /// What defines the run.
  public let configuration: TrainingConfiguration
  /// What is learned from and measured on.
  public let data: TrainingData
  /// Where checkpoints go; nil to keep none.
  public let directory: RunDirectory?
  /// Text for every checkpoint by name, such as how frames were made.
  public var notes: [String: String] = [:]
  /// Where the run is.
  public internal(set) var progress: TrainingProgress
  var lastSave = ContinuousClock.now
  var optimizer: OptimizerState
  /// The average of the weights, by which the run is judged; nil if none was asked for.
  public internal(set) var average: WeightAverage?
  let sampler: BatchSampler
  /// The batches of the next epoch, which are read while the model is being measured.
  var upcoming: (epoch: Int, batches: BatchLoader)?

  /// Prepares a run from its beginning.
  ///
  /// - Throws: ``SpikeNetError`` if a value of the configuration is impossible.
  public init(
    _ model: any Model,
    _ configuration: TrainingConfiguration,
    data: TrainingData,
    directory: RunDirectory? = nil
  ) throws(SpikeNetError) {
    try configuration.validate()
    guard !data.training.isEmpty else {
      throw SpikeNetError(.mismatch, "the split has no training samples")
    }
    self.model = model
    self.configuration = configuration
    self.data = data
    self.directory = directory
    progress = TrainingProgress(classes: data.dataset.classNames.count)
    optimizer = configuration.optimizer.state(for: model)
    if configuration.averageDecay > 0 {
      average = WeightAverage(decay: configuration.averageDecay, of: model)
    }
    sampler = BatchSampler(
      samples: data.training,
      batchSize: configuration.batchSize,
      seed: configuration.seed
    )
  }

  /// Trains to the last epoch, or until asked to stop.
  ///
  /// - Parameters:
  ///   - handle: Receives what happens, in order.
  ///   - shouldStop: Asked after every step; true saves and returns.
  /// - Throws: ``SpikeNetError`` if the loss is not a number, or files cannot be read or written.
  public func run(
    _ handle: (TrainingEvent) throws -> Void = { _ in },
    until shouldStop: () -> Bool = { false }
  ) throws -> Outcome {
    try handle(.started(start))
    try markBest()
    while progress.epoch < configuration.totalEpochs {
      guard try trainEpoch(until: shouldStop, handle),
        let record = try evaluateEpoch(until: shouldStop)
      else {
        try save(handle)
        return .stopped
      }
      finish(record)
      try handle(.epoch(record))
      try save(handle)
      try markBest()
      try keep()
    }
    return .finished
  }

  private var start: TrainingStart {
    TrainingStart(
      epochs: configuration.totalEpochs,
      stepsPerEpoch: stepsPerEpoch,
      parameterCount: model.parameterCount,
      trainingSamples: data.training.count,
      testSamples: data.test.count,
      history: progress.history,
      totalSteps: progress.totalSteps
    )
  }

  var stepsPerEpoch: Int {
    let samples = configuration.batchSize * configuration.accumulationSteps
    return (data.training.count + samples - 1) / samples
  }
}
