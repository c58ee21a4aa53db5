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
    try Self.check("loss.label_smoothing", loss.labelSmoothing, 0...0.999)
    try validateOptimizer()
    try validateSchedule()
  }

  private func validateOptimizer() throws(SpikeNetError) {
    try Self.check("optimizer.lr", optimizer.learningRate, 0...1e6)
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
