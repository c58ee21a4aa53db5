extension Trainer {
  /// Takes the remaining steps of the current epoch; false if asked to stop.
  func trainEpoch(
    until shouldStop: () -> Bool,
    _ handle: (TrainingEvent) throws -> Void
  ) throws -> Bool {
    let rate = configuration.learningRates.rate(epoch: progress.epoch)
    let samples = takeLoader()
    let batches = (data.training.count - 1) / configuration.batchSize + 1
    var clock = ContinuousClock.now
    while progress.step < stepsPerEpoch {
      let left = batches - progress.step * configuration.accumulationSteps
      let result = try step(samples, batches: min(left, configuration.accumulationSteps), rate)
      progress.step += 1
      progress.totalSteps += 1
      let now = ContinuousClock.now
      let seconds = (now - clock) / .seconds(1)
      clock = now
      progress.seconds += seconds
      try handle(.step(report(result, rate, seconds)))
      if shouldStop() { return false }
      if ContinuousClock.now - lastSave >= .seconds(configuration.saveSeconds) { try save(handle) }
    }
    let next = progress.epoch + 1
    if next < configuration.totalEpochs { upcoming = (next, loader(epoch: next)) }
    return true
  }

  /// What is left of the current epoch.
  private func takeLoader() -> BatchLoader {
    defer { upcoming = nil }
    if let upcoming, upcoming.epoch == progress.epoch, progress.step == 0 {
      return upcoming.batches
    }
    return loader(epoch: progress.epoch, skipping: progress.step * configuration.accumulationSteps)
  }

  /// Begins to read the batches of an epoch.
  private func loader(epoch: Int, skipping count: Int = 0) -> BatchLoader {
    let batches = sampler.batches(epoch: epoch)
    let first = min(count, batches.count)
    return BatchLoader(
      data.dataset,
      batches: Array(batches[first...]),
      first: first,
      BatchPreparation(configuration, epoch: epoch)
    )
  }

  /// What one step saw.
  private struct StepResult {
    var samples = 0
    var ones = 0
    var neurons = 0
  }

  /// Learns from a few batches as if they were one; only batch statistics are their own.
  private func step(_ loader: BatchLoader, batches count: Int, _ rate: Double) throws -> StepResult
  {
    var result = StepResult()
    let batches = try (0..<count).compactMap { _ in try nextBatch(loader) }
    let samples = batches.reduce(0) { $0 + $1.labels.count }
    var sum: Gradients?
    for (index, batch) in batches.enumerated() {
      let share = Float(batch.labels.count) / Float(samples)
      let (logits, loss, gradients) = try differentiate(batch, index, share, &result)
      guard loss.isFinite else { throw divergence("the loss is \(loss)", batch, gradients) }
      progress.metrics.add(logits: logits, labels: batch.labels, loss: loss)
      sum = sum?.adding(gradients, configuration.parallel) ?? gradients
    }
    result.samples = samples
    guard let sum, let last = batches.last else { return result }
    let norm = optimizer.apply(sum, learningRate: rate, configuration.parallel)
    guard norm.isFinite else { throw divergence("the gradient norm is \(norm)", last, sum) }
    progress.gradientNorm = max(progress.gradientNorm, norm)
    average?.update(from: model, configuration.parallel)
    return result
  }

  private func nextBatch(_ loader: BatchLoader) throws -> Batch? {
    let start = ContinuousClock.now
    defer { progress.waitSeconds += (ContinuousClock.now - start) / .seconds(1) }
    return try loader.next()
  }

  private func pass(batch index: Int = 0) -> ForwardPass {
    let position = progress.totalSteps * configuration.accumulationSteps + index
    return ForwardPass(
      .training,
      parallel: configuration.parallel,
      generator: RandomStream.passes.generator(seed: configuration.seed, position: position)
    )
  }

  /// The pass and its tape end here, so that the update finds the weights unshared.
  private func differentiate(
    _ batch: Batch,
    _ index: Int,
    _ share: Float,
    _ result: inout StepResult
  ) throws -> (logits: Tensor, loss: Double, gradients: Gradients) {
    let pass = pass(batch: index)
    var (ones, neurons) = (result.ones, result.neurons)
    pass.observer = { _, output in
      guard case .spikes(let spikes) = output.value else { return }
      ones += spikes.onesCount
      neurons += spikes.shape.count
    }
    let logits = model.logits(Variable(batch.frames), in: pass)
    (result.ones, result.neurons) = (ones, neurons)
    let loss = try configuration.loss.value(logits, batch.targets, in: pass)
    let value = Double(loss.tensor.scalar)
    let part = share == 1 ? loss : pass.scaled(loss, by: share)
    return (logits.tensor, value, pass.gradients(of: part))
  }

  private func divergence(_ what: String, _ batch: Batch, _ gradients: Gradients) -> SpikeNetError {
    let watch = pass()
    let place = Divergence(of: model, on: batch, gradients, watch).description
    return SpikeNetError(
      .diverged,
      """
      epoch \(progress.epoch + 1), step \(progress.step + 1): \(what); \(place); try a lower \
      optimizer.lr (now \(configuration.optimizer.learningRate)) or optimizer.clip_grad=1
      """
    )
  }

  private func report(_ result: StepResult, _ rate: Double, _ seconds: Double) -> TrainingStep {
    TrainingStep(
      epoch: progress.epoch + 1,
      step: progress.step,
      totalSteps: progress.totalSteps,
      loss: progress.metrics.loss,
      accuracy: progress.metrics.top1,
      learningRate: rate,
      firingRate: result.neurons > 0 ? Double(result.ones) / Double(result.neurons) : nil,
      samples: result.samples,
      seconds: seconds
    )
  }
}
