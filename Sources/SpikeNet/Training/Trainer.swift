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
  /// How long a step may be away from the last checkpoint; epochs end with one in any case.
  public var saveInterval = Duration.seconds(300)
  var lastSave = ContinuousClock.now
  var optimizer: OptimizerState
  private let sampler: BatchSampler

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
      history: progress.history
    )
  }

  var stepsPerEpoch: Int {
    (data.training.count + configuration.batchSize - 1) / configuration.batchSize
  }

  /// Takes the remaining steps of the current epoch; false if asked to stop.
  private func trainEpoch(
    until shouldStop: () -> Bool,
    _ handle: (TrainingEvent) throws -> Void
  ) throws -> Bool {
    let rate = configuration.learningRates.rate(epoch: progress.epoch)
    let batches = sampler.batches(epoch: progress.epoch).dropFirst(progress.step)
    let loader = BatchLoader(data.dataset, batches: Array(batches))
    var clock = ContinuousClock.now
    while let batch = try loader.next() {
      let (logits, loss, gradients) = differentiate(batch)
      try update(gradients, loss: loss, rate: rate)
      progress.metrics.add(logits: logits, labels: batch.labels, loss: loss)
      progress.step += 1
      progress.totalSteps += 1
      let now = ContinuousClock.now
      let seconds = (now - clock) / .seconds(1)
      clock = now
      progress.seconds += seconds
      try handle(.step(report(batch, rate, seconds)))
      if shouldStop() { return false }
      if ContinuousClock.now - lastSave > saveInterval { try save(handle) }
    }
    return true
  }

  /// The pass and its tape end here, so that the update finds the weights unshared.
  private func differentiate(
    _ batch: Batch
  ) -> (logits: Tensor, loss: Double, gradients: Gradients) {
    let pass = ForwardPass(
      .training,
      parallel: configuration.parallel,
      generator: RandomStream.passes
        .generator(seed: configuration.seed, position: progress.totalSteps)
    )
    let logits = model.logits(Variable(batch.frames), in: pass)
    let targets = Targets(
      labels: batch.labels,
      classes: logits.shape.channels,
      smoothing: Float(configuration.loss.labelSmoothing)
    )
    let loss = pass.crossEntropy(logits, targets)
    let value = Double(loss.tensor.scalar)
    return (logits.tensor, value, pass.gradients(of: loss))
  }

  private func update(_ gradients: Gradients, loss: Double, rate: Double) throws {
    guard loss.isFinite else { throw divergence("the loss is \(loss)", gradients) }
    let norm = optimizer.apply(gradients, learningRate: rate, configuration.parallel)
    guard norm.isFinite else { throw divergence("the gradient norm is \(norm)", gradients) }
    progress.gradientNorm = max(progress.gradientNorm, norm)
  }

  private func divergence(_ what: String, _ gradients: Gradients) -> SpikeNetError {
    let culprit = optimizer.firstBroken(gradients).map { "; the first bad values are in \($0)" }
    return SpikeNetError(
      .diverged,
      """
      epoch \(progress.epoch + 1), step \(progress.step + 1): \(what)\(culprit ?? ""); \
      try a lower optimizer.lr (now \(configuration.optimizer.learningRate)) or \
      optimizer.clip_grad=1
      """
    )
  }

  private func report(_ batch: Batch, _ rate: Double, _ seconds: Double) -> TrainingStep {
    TrainingStep(
      epoch: progress.epoch + 1,
      step: progress.step,
      loss: progress.metrics.loss,
      accuracy: progress.metrics.top1,
      learningRate: rate,
      samples: batch.labels.count,
      seconds: seconds
    )
  }
}
