extension Trainer {
  /// Measures the model on the validation and test parts at the end of an epoch.
  ///
  /// - Returns: Nil if asked to stop before the end.
  func evaluateEpoch(until shouldStop: () -> Bool) throws -> EpochRecord? {
    let clock = ContinuousClock.now
    let (validation, test) = try withResult {
      (
        try evaluation(of: data.validation, until: shouldStop),
        try evaluation(of: data.test, until: shouldStop)
      )
    }
    if shouldStop() { return nil }
    var record = EpochRecord(
      epoch: progress.epoch + 1,
      learningRate: configuration.learningRates.rate(epoch: progress.epoch),
      train: (progress.metrics.loss, progress.metrics.top1),
      gradientNorm: progress.gradientNorm
    )
    record.validationLoss = validation?.metrics.loss
    record.validationTop1 = validation?.metrics.top1
    record.testLoss = test?.metrics.loss
    record.testTop1 = test?.metrics.top1
    record.testTop5 = test?.metrics.top5
    record.firingRate = (test ?? validation)?.firingRates.mean
    record.trainSeconds = progress.seconds
    record.waitSeconds = progress.waitSeconds
    record.evaluationSeconds = (ContinuousClock.now - clock) / .seconds(1)
    record.samplesPerSecond = Double(progress.metrics.samples) / max(progress.seconds, 1e-9)
    return record
  }

  /// Does something while the model has the weights that the run is judged by.
  func withResult<Result>(_ body: () throws -> Result) rethrows -> Result {
    try average?.swapped(into: model, body) ?? body()
  }

  private func evaluation(
    of samples: [Int],
    until shouldStop: () -> Bool
  ) throws -> Evaluation? {
    guard !samples.isEmpty else { return nil }
    return try Evaluation(
      model,
      on: samples,
      of: data.dataset,
      batchSize: configuration.batchSize,
      configuration.parallel,
      until: shouldStop
    )
  }

  /// Moves on to the next epoch.
  func finish(_ record: EpochRecord) {
    progress.history.append(record)
    progress.epoch += 1
    beginEpoch()
    guard let top1 = record.validationTop1 ?? record.testTop1 else { return }
    if let best = progress.best, best.top1 >= top1 { return }
    progress.best = TrainingProgress.Best(epoch: record.epoch, top1: top1)
  }

  private func beginEpoch() {
    progress.step = 0
    progress.metrics = Metrics(classes: data.dataset.classNames.count)
    progress.gradientNorm = 0
    progress.seconds = 0
    progress.waitSeconds = 0
  }

  /// Writes the last checkpoint, if there is a folder for it.
  func save(_ handle: (TrainingEvent) throws -> Void) throws {
    guard let directory else { return }
    lastSave = .now
    let description = Checkpoint.Description(
      configuration: configuration,
      data: data.description,
      progress: progress,
      notes: notes
    )
    try Checkpoint.write(
      description,
      model: model,
      optimizer: optimizer,
      average: average,
      to: directory.last
    )
    try handle(.saved(path: directory.last))
  }

  /// Lets `best` be the last checkpoint if that has just ended the best epoch.
  func markBest() throws(SpikeNetError) {
    guard let directory, directory.hasLast, progress.step == 0,
      let best = progress.best, best.epoch == progress.epoch
    else { return }
    try directory.link(directory.last, as: directory.best)
  }

  /// Keeps the last checkpoint under the number of its epoch, if that is asked for.
  func keep() throws(SpikeNetError) {
    guard let directory, configuration.checkpointEvery > 0,
      progress.epoch % configuration.checkpointEvery == 0
    else { return }
    try directory.link(directory.last, as: directory.checkpoint(epoch: progress.epoch))
  }

  /// Continues where a checkpoint stopped; what it then computes is what it would have computed.
  ///
  /// With another number of samples per step, an epoch that was interrupted begins anew.
  ///
  /// - Throws: ``SpikeNetError`` if model, optimizer or data do not fit the checkpoint.
  public func resume(from checkpoint: Checkpoint) throws(SpikeNetError) {
    guard checkpoint.data == data.description else {
      throw SpikeNetError(
        .mismatch,
        "was trained on \(checkpoint.data), and the data is \(data.description)",
        path: checkpoint.path
      )
    }
    if average != nil {
      try checkpoint.load(into: model)
      average = WeightAverage(decay: configuration.averageDecay, of: model)
    }
    try checkpoint.load(into: model, averaged: false)
    try checkpoint.load(into: &optimizer)
    progress = checkpoint.progress
    upcoming = nil
    let old = checkpoint.configuration
    if (old.batchSize, old.accumulationSteps)
      != (configuration.batchSize, configuration.accumulationSteps)
    {
      beginEpoch()
    }
    guard progress.step <= stepsPerEpoch else {
      throw SpikeNetError(
        .mismatch,
        "stopped at step \(progress.step) of an epoch, and the data has \(stepsPerEpoch) steps",
        path: checkpoint.path
      )
    }
  }
}
