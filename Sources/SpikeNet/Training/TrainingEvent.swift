/// What happened in a run, as values: whoever receives them cannot change the training.
public enum TrainingEvent: Sendable {
  /// The run begins or continues.
  case started(TrainingStart)
  /// A batch was learned from.
  case step(TrainingStep)
  /// An epoch is over and evaluated.
  case epoch(EpochRecord)
  /// A checkpoint is complete on disk.
  case saved(path: String)
}

/// What is known when a run begins or continues.
public struct TrainingStart: Sendable {
  /// All epochs of the run.
  public var epochs: Int
  /// Steps of every epoch.
  public var stepsPerEpoch: Int
  /// Trained scalars of the model.
  public var parameterCount: Int
  /// Samples of the training part.
  public var trainingSamples: Int
  /// Samples of the test part.
  public var testSamples: Int
  /// The epochs that were done before.
  public var history: [EpochRecord]
  /// The steps that were done before.
  public var totalSteps: Int

  package init(
    epochs: Int,
    stepsPerEpoch: Int,
    parameterCount: Int,
    trainingSamples: Int,
    testSamples: Int,
    history: [EpochRecord],
    totalSteps: Int
  ) {
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    self.parameterCount = parameterCount
    self.trainingSamples = trainingSamples
    self.testSamples = testSamples
    self.history = history
    self.totalSteps = totalSteps
  }
}

/// What is known after a step.
public struct TrainingStep: Sendable {
  /// The epoch, from 1.
  public var epoch: Int
  /// The step in the epoch, from 1.
  public var step: Int
  /// The step in the whole run, from 1.
  public var totalSteps: Int
  /// The mean loss of the epoch so far.
  public var loss: Double
  /// The share of samples of the epoch so far that were classified rightly.
  public var accuracy: Double
  /// The learning rate.
  public var learningRate: Double
  /// The share of ones in the output of all spiking neurons; nil without such.
  public var firingRate: Double?
  /// Samples that were learned from.
  public var samples: Int
  /// How long the step took, waiting for the batch included.
  public var seconds: Double
}

/// One row of the metrics: an epoch and what came of it.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// The epoch, from 1.
  public var epoch: Int
  /// The learning rate of its steps.
  public var learningRate: Double
  /// The mean training loss while learning.
  public var trainLoss: Double
  /// The training accuracy while learning.
  public var trainTop1: Double
  /// The validation part's loss, if the split has one.
  public var validationLoss: Double?
  /// The validation part's accuracy.
  public var validationTop1: Double?
  /// The test part's loss.
  public var testLoss: Double?
  /// The test part's accuracy.
  public var testTop1: Double?
  /// The share of test samples whose label was among the first five.
  public var testTop5: Double?
  /// The share of ones over all neurons in the evaluation.
  public var firingRate: Double?
  /// The largest gradient norm of a step, before clipping.
  public var gradientNorm: Double
  /// The time that the steps took.
  public var trainSeconds = 0.0
  /// The time that evaluation took.
  public var evaluationSeconds = 0.0
  /// Samples learned from per second.
  public var samplesPerSecond = 0.0
  /// The time that steps waited for their batches.
  public var waitSeconds: Double?

  package init(
    epoch: Int,
    learningRate: Double,
    train: (loss: Double, top1: Double),
    gradientNorm: Double
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    trainLoss = train.loss
    trainTop1 = train.top1
    self.gradientNorm = gradientNorm
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case epoch
    case learningRate = "lr"
    case trainLoss = "train_loss"
    case trainTop1 = "train_top1"
    case validationLoss = "val_loss"
    case validationTop1 = "val_top1"
    case testLoss = "test_loss"
    case testTop1 = "test_top1"
    case testTop5 = "test_top5"
    case firingRate = "firing_rate"
    case gradientNorm = "grad_norm"
    case trainSeconds = "train_seconds"
    case evaluationSeconds = "eval_seconds"
    case samplesPerSecond = "samples_per_second"
    case waitSeconds = "wait_seconds"
  }
}
