import ArgumentParser
import Foundation
import SpikeNet

/// Measures a trained model.
struct Eval: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a trained model: accuracy, loss, firing rates, latency.",
    discussion: """
      RUN is a run directory, whose best checkpoint is taken if a val part chose it, and else the \
      last one; or any checkpoint. Latency is that of one sample, rate that of whole batches.

      EXAMPLES:
        dvsprep eval runs/gesture --data gesture.h5
        dvsprep eval runs/gesture/checkpoints/best.safetensors --data gesture.h5 --json
      """
  )

  @Argument(help: "A run directory or a checkpoint.")
  var run: String

  @Option(help: "The frame cache; by default the one that the model was trained on.")
  var data: String?

  @Option(help: "The split of the cache; by default the one of the training.")
  var split: String?

  @Option(help: "The part of the split: test, val or train.")
  var part = "test"

  @Option(help: "Samples per batch; by default as in the training.")
  var batchSize: Int?

  @Option(help: "Threads, 0 for one a core; results do not depend on it.")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let checkpoint = try CheckpointPath.result(of: run)
    var configuration = checkpoint.configuration
    configuration.batchSize = batchSize ?? configuration.batchSize
    configuration.threads = threads ?? configuration.threads
    try configuration.validate()
    let dataset = try FrameCacheDataset(data ?? configuration.data)
    try CacheFit.check(dataset, against: checkpoint)
    let model = try configuration.model.makeModel(for: checkpoint.data.input, seed: 0)
    try checkpoint.load(into: model)
    let samples = try samples(of: dataset, configuration)
    let evaluation = try Evaluation(
      model,
      on: samples,
      of: dataset,
      batchSize: configuration.batchSize,
      configuration.parallel
    )
    let latency = try Latency(model, on: samples, of: dataset, configuration.parallel)
    let report = EvaluationReport(
      evaluation,
      latency,
      part: part,
      classNames: dataset.classNames
    )
    print(output.json ? report.tree.json : report.text)
  }

  private func samples(
    of dataset: FrameCacheDataset,
    _ configuration: TrainingConfiguration
  ) throws -> [Int] {
    // Another cache may have other splits; then its own choice is meant.
    let trained = data == nil || dataset.cache.splits[configuration.split] != nil
    let parts = try dataset.parts(of: split ?? (trained ? configuration.split : ""))
    guard let samples = parts[part], !samples.isEmpty else {
      let known = parts.keys.sorted().joined(separator: ", ")
      throw CommandFailure(.usage, "the split has no samples in part \(part); there are \(known)")
    }
    return samples
  }
}
