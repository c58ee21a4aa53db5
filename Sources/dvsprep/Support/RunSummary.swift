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
  var secondsPerEpoch: Double
  var peakMemoryMB: Int
  var threads: Int

  enum CodingKeys: String, CodingKey {
    case model, parameters, seed, epochs, last, best, threads
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
    secondsPerEpoch = trainSeconds / Double(max(history.count, 1))
    peakMemoryMB = PeakMemory.bytes >> 20
    threads = trainer.configuration.parallel.threads
  }

  /// The accuracy that the run is judged by: of the epoch that a validation part chose, or of the
  /// last one; choosing by the test part would flatter.
  var testTop1: Double? { best?.part == "val" ? best?.testTop1 : last?.testTop1 }

  /// The JSON text.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf",
      negativeInfinity: "-inf",
      nan: "nan"
    )
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
