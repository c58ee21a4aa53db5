import Foundation
import SpikeNet

/// What a finished run is measured and drawn by: the checkpoint that `eval` takes, on the test part.
struct RunResults {
  /// How often neurons fired.
  let firingRates: FiringRates
  /// What layers computed.
  let operations: OperationCounts

  /// Measures the result, and leaves its pictures in the run directory.
  init(_ trainer: Trainer, _ directory: RunDirectory) throws {
    let model = trainer.model
    let checkpoint = try CheckpointPath.result(of: directory.path)
    try checkpoint.load(into: model)
    let parts = [trainer.data.test, trainer.data.validation, trainer.data.training]
    let samples = parts.first { !$0.isEmpty } ?? []
    let configuration = trainer.configuration
    let dataset = trainer.data.dataset
    let evaluation = try Evaluation(
      model,
      on: samples,
      of: dataset,
      batchSize: configuration.batchSize,
      configuration.parallel
    )
    firingRates = evaluation.firingRates
    operations = evaluation.operations
    try Self.writeCurves(trainer, directory)
    let confusion = try RunPictures.confusion(
      evaluation.metrics.confusion,
      classNames: dataset.classNames
    )
    try AtomicFile.write(to: directory.confusion) { try $0.write(contentsOf: Data(confusion)) }
    for sample in Self.chosen(samples, dataset, count: configuration.spikeBars) {
      let trace = OutputTrace(
        model,
        try dataset.frames(of: sample),
        configuration.parallel
      )
      let target = dataset.label(at: sample)
      let picture = try RunPictures.spikeBars(trace, target: target)
      let path = directory.spikeBars(sample: sample, target: target)
      try AtomicFile.write(to: path) { try $0.write(contentsOf: Data(picture)) }
    }
  }

  /// Draws the history.
  static func writeCurves(_ trainer: Trainer, _ directory: RunDirectory) throws {
    guard !trainer.progress.history.isEmpty else { return }
    let curves = try RunPictures.curves(trainer.progress.history)
    try AtomicFile.write(to: directory.curves) { try $0.write(contentsOf: Data(curves)) }
  }

  /// The first sample of each class in turn, then the second of each, and so on.
  private static func chosen(_ samples: [Int], _ dataset: any Dataset, count: Int) -> [Int] {
    var seen: [Int: Int] = [:]
    let ranked = samples.enumerated().map { position, sample in
      let label = dataset.label(at: sample)
      seen[label, default: 0] += 1
      return (rank: seen[label] ?? 0, position: position, sample: sample)
    }
    return ranked.sorted { ($0.rank, $0.position) < ($1.rank, $1.position) }
      .prefix(count).map(\.sample)
  }
}
