import Foundation
import SpikeNet

/// What came of a run: the content of `summary.json`.
struct RunSummary: Encodable {
  struct Best: Encodable {
    var epoch: Int
    /// The part that chose it.
    var part: String
    var top1: Double
    /// The accuracy on the test part in that epoch.
    var testTop1: Double?

    enum CodingKeys: String, CodingKey {
      case epoch, part, top1
      case testTop1 = "test_top1"
    }
  }

  /// Whether all epochs are done.
  var isFinished = false
  /// The recipe that the run started from, if it had one.
  var recipe: String?
  /// The accuracy that was published for the recipe.
  var publishedTop1: Double?
  var model: String
  var parameters: Int
  var seed: Int
  var epochs: Int
  var trainSamples: Int
  var validationSamples: Int
  var testSamples: Int
  var last: EpochRecord?
  var best: Best?
  var trainSeconds: Double
  var evaluationSeconds: Double
  /// The part of the training time in which steps waited for their batches.
  var waitSeconds: Double
  var secondsPerEpoch: Double
  var peakMemoryMB: Int
  var threads: Int
  /// The share of ones by layer, on the test part.
  var firingRate: [String: Double]?
  /// The same by time step.
  var firingRatePerStep: [String: [Double]]?
  /// Multiply-adds of a sample.
  var macs: Double?
  /// Additions of a sample, at the measured firing rates.
  var acs: Double?
  /// The energy of a sample in millijoules, by the field's convention.
  var energy: Double?

  enum CodingKeys: String, CodingKey {
    case recipe, model, parameters, seed, epochs, last, best, threads, macs, acs
    case energy = "energy_mj"
    case isFinished = "finished"
    case publishedTop1 = "published_top1"
    case waitSeconds = "wait_seconds"
    case firingRate = "firing_rate"
    case firingRatePerStep = "firing_rate_per_step"
    case trainSamples = "train_samples"
    case validationSamples = "val_samples"
    case testSamples = "test_samples"
    case trainSeconds = "train_seconds"
    case evaluationSeconds = "eval_seconds"
    case secondsPerEpoch = "seconds_per_epoch"
    case peakMemoryMB = "peak_memory_mb"
  }

  init(_ trainer: Trainer) {
    let history = trainer.progress.history
    let name = trainer.configuration.recipe
    recipe = name.isEmpty ? nil : name
    publishedTop1 = TrainingRecipe.all.first { $0.name == name }?.publishedTop1
    model = trainer.configuration.model.name
    parameters = trainer.model.parameterCount
    seed = trainer.configuration.seed
    epochs = history.count
    trainSamples = trainer.data.training.count
    validationSamples = trainer.data.validation.count
    testSamples = trainer.data.test.count
    last = history.last
    let part = trainer.data.validation.isEmpty ? "test" : "val"
    best = trainer.progress.best.map { best in
      Best(
        epoch: best.epoch,
        part: part,
        top1: best.top1,
        testTop1: history.first { $0.epoch == best.epoch }?.testTop1
      )
    }
    trainSeconds = history.reduce(0) { $0 + $1.trainSeconds }
    evaluationSeconds = history.reduce(0) { $0 + $1.evaluationSeconds }
    waitSeconds = history.reduce(0) { $0 + ($1.waitSeconds ?? 0) }
    secondsPerEpoch = trainSeconds / Double(max(history.count, 1))
    peakMemoryMB = PeakMemory.bytes >> 20
    threads = trainer.configuration.parallel.threads
  }

  /// Takes over how often neurons fired.
  mutating func add(_ rates: FiringRates) {
    firingRate = Dictionary(rates.layerRates.map { ($0.name, $0.rate) }) { first, _ in first }
    firingRatePerStep = Dictionary(rates.stepRates.map { ($0.name, $0.rates) }) { first, _ in first
    }
  }

  /// Takes over what layers computed.
  mutating func add(_ operations: OperationCounts) {
    (macs, acs) = (operations.macs, operations.acs)
    energy = EnergyConstants().millijoules(macs: operations.macs, acs: operations.acs)
  }

  /// The accuracy that the run is judged by: of the epoch that a validation part chose, or of the
  /// last one; choosing by the test part would flatter.
  var testTop1: Double? { best?.part == "val" ? best?.testTop1 : last?.testTop1 }

  /// The JSON text.
  static func json(_ summary: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf",
      negativeInfinity: "-inf",
      nan: "nan"
    )
    return String(decoding: try encoder.encode(summary), as: UTF8.self)
  }
}
