/// Everything that defines a run: the same data and configuration give the same weights.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// The path of the frame cache.
  public var data = ""
  /// The name of a split in the cache; empty for the cache's own choice.
  public var split = ""
  /// The model and its own configuration.
  public var model: ModelSelection
  /// How often every training sample is seen, before the cooldown.
  public var epochs = 30
  /// Samples per step.
  public var batchSize = 32
  /// The update rule.
  public var optimizer = OptimizerConfiguration()
  /// The learning rate of every epoch.
  public var schedule = ScheduleConfiguration()
  /// What is minimised.
  public var loss = LossConfiguration()
  /// Determines initial weights, the order of samples, and all other randomness.
  public var seed = 0
  /// Threads of the kernels, 0 for one a core; results do not depend on it.
  public var threads = 0

  /// Creates the common recipe for a model.
  public init(model: ModelSelection) {
    self.model = model
  }

  enum CodingKeys: String, CodingKey {
    case data, split, model, epochs
    case batchSize = "batch_size"
    case optimizer, schedule, loss, seed, threads
  }

  /// Threads for the kernels.
  public var parallel: Parallel {
    threads == 0 ? .allCores : Parallel(threads: threads)
  }

  /// All epochs, cooldown included.
  public var totalEpochs: Int { epochs + schedule.cooldownEpochs }

  /// The learning rate of every epoch.
  public var learningRates: LearningRateSchedule {
    schedule.schedule(base: optimizer.learningRate, epochs: epochs)
  }
}

/// A model's name and its own configuration; one section with the key `name` in front.
public struct ModelSelection: Codable, Hashable, Sendable {
  /// The name by which the registry knows the model.
  public var name: String
  /// The model's own configuration, a section.
  public var options: ConfigurationValue

  /// Selects a model.
  public init(_ name: String, options: ConfigurationValue = .section([])) {
    self.name = name
    self.options = options
  }

  private static let nameKey = "name"

  /// Reads a section with the key `name`.
  public init(from decoder: any Decoder) throws {
    let tree = try ConfigurationValue(from: decoder)
    guard case .text(let name) = tree[Self.nameKey] else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected a section with a name")
      )
    }
    self.init(name, options: tree.removing(Self.nameKey))
  }

  /// Writes a section with the key `name` in front.
  public func encode(to encoder: any Encoder) throws {
    let members: [ConfigurationValue.Member] =
      if case .section(let members) = options { members } else { [] }
    try ConfigurationValue.section([.init(Self.nameKey, .text(name))] + members)
      .encode(to: encoder)
  }
}

/// What is minimised.
public struct LossConfiguration: Codable, Hashable, Sendable {
  /// The share of the target that all classes divide among them.
  public var labelSmoothing = 0.1

  /// Creates the default.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case labelSmoothing = "label_smoothing"
  }
}
