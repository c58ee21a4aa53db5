extension TrainingConfiguration {
  /// The configuration of a tree whose types are right, if its values are possible.
  ///
  /// - Throws: ``SpikeNetError`` that names the first key with an impossible value.
  public init(_ tree: ConfigurationValue) throws(SpikeNetError) {
    self = try tree.decoded(as: Self.self)
    // On the way through JSON, 2.0 becomes 2; the tree knows better.
    if let model = tree["model"] { self.model.options = model.removing("name") }
    try validate()
  }

  /// Refuses values that no run can have.
  public func validate() throws(SpikeNetError) {
    try Self.check("epochs", epochs, 1...1_000_000)
    try Self.check("batch_size", batchSize, 1...1_000_000)
    try Self.check("seed", seed, 0...Int.max)
    try Self.check("threads", threads, 0...4096)
    try Self.check("grad_accum_steps", accumulationSteps, 1...1_000_000)
    try Self.check("t_train", trainedSteps, 0...1_000_000)
    try Self.check("ema_decay", averageDecay, 0...0.999_999_9)
    try Self.check("checkpoint_every", checkpointEvery, 0...1_000_000)
    try Self.check("checkpoint_seconds", saveSeconds, 0...1e9)
    try Self.check("spike_bars", spikeBars, 0...1000)
    for (key, size) in [("T", input.steps), ("height", input.height), ("width", input.width)] {
      try Self.check("input.\(key)", size, 0...1_000_000)
    }
    try Self.check("input.crop", input.crop, 0...1_000_000)
    try Self.check("input.downscale", input.downscale, 1...1024)
    try validateLoss()
    try validateOptimizer()
    try validateSchedule()
    try validateAugmentation()
    try validateMixing()
  }

  private func validateLoss() throws(SpikeNetError) {
    try Self.check("loss.label_smoothing", loss.labelSmoothing, 0...0.999)
    try Self.check("loss.tet_mean", loss.tetMean, -1e6...1e6)
    try Self.check("loss.tet_lambda", loss.tetWeight, 0...1)
  }

  private func validateAugmentation() throws(SpikeNetError) {
    for (key, share) in [
      ("hflip", augment.flip), ("reprob", augment.erasing), ("drop_time", augment.dropTime),
      ("drop_area", augment.dropArea), ("drop_events", augment.dropEvents),
    ] {
      try Self.check("augment.\(key)", share, 0...1)
    }
    for (key, pixels) in [
      ("roll", augment.roll), ("translate", augment.translate), ("cutout", augment.cutout),
    ] {
      try Self.check("augment.\(key)", pixels, 0...65_536)
    }
    try Self.check("augment.rotate", augment.rotate, 0...180)
    try Self.check("augment.shear", augment.shear, 0...80)
  }

  private func validateMixing() throws(SpikeNetError) {
    for (key, alpha) in [
      ("mixup", mix.mixup), ("cutmix", mix.cutmix), ("eventmix", mix.eventMix),
    ] {
      try Self.check("mix.\(key)", alpha, 0...1000)
    }
    try Self.check("mix.prob", mix.probability, 0...1)
    try Self.check("mix.switch_prob", mix.switchProbability, 0...1)
    try Self.check("mix.off_epoch", mix.offEpoch, 0...1_000_000)
  }

  private func validateOptimizer() throws(SpikeNetError) {
    try Self.check("optimizer.lr", optimizer.learningRate, 0...1e6)
    try Self.check("optimizer.lr_base_size", optimizer.scalingBase, 1...1_000_000_000)
    try Self.check("optimizer.weight_decay", optimizer.weightDecay, 0...1e6)
    try Self.check("optimizer.eps", optimizer.epsilon, 0...1)
    try Self.check("optimizer.momentum", optimizer.momentum, 0...0.999_999)
    try Self.check("optimizer.clip_grad", optimizer.gradientNormLimit, 0...1e30)
    guard optimizer.betas.count == 2 else {
      throw Self.impossible("optimizer.betas", optimizer.betas, "two numbers")
    }
    for beta in optimizer.betas { try Self.check("optimizer.betas", beta, 0...0.999_999_9) }
  }

  private func validateSchedule() throws(SpikeNetError) {
    try Self.check("schedule.warmup_epochs", schedule.warmUpEpochs, 0...1_000_000)
    try Self.check("schedule.cooldown_epochs", schedule.cooldownEpochs, 0...1_000_000)
    try Self.check("schedule.warmup_lr", schedule.warmUpRate, 0...1e6)
    try Self.check("schedule.min_lr", schedule.minimumRate, 0...1e6)
    try Self.check("schedule.decay_rate", schedule.decayRate, 0...1e6)
    try Self.check("schedule.decay_epochs", schedule.decayEpochs, 0...1_000_000)
    for milestone in schedule.milestones {
      try Self.check("schedule.milestones", milestone, 0...1_000_000)
    }
  }

  private static func check<Value: Comparable>(
    _ key: String,
    _ value: Value,
    _ range: ClosedRange<Value>
  ) throws(SpikeNetError) {
    guard range.contains(value) else {
      throw impossible(key, value, "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func impossible(_ key: String, _ value: Any, _ expected: String) -> SpikeNetError {
    SpikeNetError(.configuration, "\(key) is \(value), expected \(expected)")
  }
}
