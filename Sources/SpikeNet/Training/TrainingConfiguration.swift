/// Everything that defines a run: the same data and configuration give the same weights.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// The name of the recipe that the other values started from; empty for the model's own.
  public var recipe = ""
  /// The path of the frame cache.
  public var data = ""
  /// The name of a split in the cache; empty for the cache's own choice.
  public var split = ""
  /// The samples that the run expects; others are refused.
  public var input = InputExpectation()
  /// The model and its own configuration.
  public var model: ModelSelection
  /// How often every training sample is seen, before the cooldown.
  public var epochs = 30
  /// Samples per batch.
  public var batchSize = 32
  /// Batches whose gradients make one step together.
  public var accumulationSteps = 1
  /// Frames of each training batch, drawn at random in their order; 0 for all.
  public var trainedSteps = 0
  /// The update rule.
  public var optimizer = OptimizerConfiguration()
  /// The learning rate of every epoch.
  public var schedule = ScheduleConfiguration()
  /// What is minimised.
  public var loss = LossConfiguration()
  /// How training samples are changed at random.
  public var augment = AugmentationConfiguration()
  /// How training samples are mixed with one another.
  public var mix = MixingConfiguration()
  /// How much of the averaged weights stays in each step; 0 for no average.
  public var averageDecay = 0.0
  /// Epochs from one checkpoint that is kept to the next; 0 for none but the last and the best.
  public var checkpointEvery = 0
  /// Seconds after which a step is saved; epochs end with a checkpoint in any case.
  public var saveSeconds = 300.0
  /// Test samples whose growing outputs are drawn when the run has ended.
  public var spikeBars = 4
  /// Determines initial weights, the order of samples, and all other randomness.
  public var seed = 0
  /// Threads of the kernels, 0 for one a core; results do not depend on it.
  public var threads = 0

  /// Creates the common recipe for a model.
  public init(model: ModelSelection) {
    self.model = model
  }

  enum CodingKeys: String, CodingKey {
    case recipe, data, split, input, model, epochs
    case batchSize = "batch_size"
    case accumulationSteps = "grad_accum_steps"
    case trainedSteps = "t_train"
    case optimizer, schedule, loss, augment, mix
    case averageDecay = "ema_decay"
    case checkpointEvery = "checkpoint_every"
    case saveSeconds = "checkpoint_seconds"
    case spikeBars = "spike_bars"
    case seed, threads
  }

  /// Threads for the kernels.
  public var parallel: Parallel {
    threads == 0 ? .allCores : Parallel(threads: threads)
  }

  /// All epochs, cooldown included.
  public var totalEpochs: Int { epochs + schedule.cooldownEpochs }

  /// The learning rate of every epoch.
  public var learningRates: LearningRateSchedule {
    schedule.schedule(
      base: optimizer.scaledLearningRate(samplesPerStep: batchSize * accumulationSteps),
      epochs: epochs
    )
  }
}

/// The samples that a run expects; zeros allow anything.
public struct InputExpectation: Codable, Hashable, Sendable {
  /// Time steps.
  public var steps = 0
  /// Rows of a frame.
  public var height = 0
  /// Columns of a frame.
  public var width = 0
  /// The side of the square in the centre of frames that is read; 0 for all.
  public var crop = 0
  /// How many pixels each way are averaged into one when samples are read.
  public var downscale = 1

  /// Expects nothing in particular.
  public init() {}

  /// Expects frames of a size.
  public init(steps: Int, height: Int, width: Int) {
    (self.steps, self.height, self.width) = (steps, height, width)
  }

  enum CodingKeys: String, CodingKey {
    case steps = "T"
    case height, width, crop, downscale
  }

  /// Whether samples are as expected.
  public func allows(_ data: DataDescription) -> Bool {
    [(steps, data.steps), (height, data.height), (width, data.width)]
      .allSatisfy { $0 == 0 || $0 == $1 }
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
