import ArgumentParser
import Foundation
import SpikeNet

/// Measures a trained model.
struct Eval: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measures a trained model: accuracy, firing rates, energy, latency.",
    discussion: """
      RUN is a run directory, whose best checkpoint is taken if a val part chose it, and else the \
      last one; or any checkpoint. Latency is that of one sample, rate that of whole batches.
      Checkpoints of the authors' programs (.pth, .pth.tar, .safetensors) need --model, and its keys \
      where they differ from the published ones.

      EXAMPLES:
        dvsprep eval runs/gesture --data gesture.h5
        dvsprep eval runs/gesture/checkpoints/best.safetensors --data gesture.h5 --json
        dvsprep eval runs/gesture --anytime
        dvsprep eval runs/gesture --table latex --mac-energy 3.2 --ac-energy 0.1
        dvsprep eval model_best.pth.tar --model spikingformer-2-256 --data gesture.h5
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

  @Flag(help: "Also measure with the first frame only, with the first two, and so on.")
  var anytime = false

  @Option(help: "Print the operations and their energy as a table and nothing else.")
  var table: EnergyReport.TableFormat?

  @OptionGroup var energy: EnergyOptions
  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var output: OutputOptions

  @Argument(
    help: ArgumentHelp(
      "For a checkpoint of another program: keys of its model and of what it reads of frames.",
      discussion: "Such as model.embed_dim=64 or input.downscale=2."
    )
  )
  var settings: [String] = []

  mutating func run() async throws {
    let loaded = try LoadedModel(
      run,
      checkpoint,
      settings: settings,
      like: { [data] input in try data.map { try FrameCacheDataset($0, reading: input) } }
    )
    var configuration = loaded.configuration
    configuration.batchSize = batchSize ?? configuration.batchSize
    configuration.threads = threads ?? configuration.threads
    try configuration.validate()
    try evaluate(loaded, on: samplesCache(of: loaded), configuration)
  }

  /// The cache that is asked for or was trained on, read as in the training.
  private func samplesCache(of loaded: LoadedModel) throws -> FrameCacheDataset {
    let path = data ?? loaded.configuration.data
    guard !path.isEmpty else {
      throw SpikeNetError(
        .configuration,
        "does not say what it was trained on; expected --data CACHE",
        path: loaded.path
      )
    }
    return try FrameCacheDataset(path, reading: loaded.configuration.input)
  }

  private func evaluate(
    _ loaded: LoadedModel,
    on dataset: FrameCacheDataset,
    _ configuration: TrainingConfiguration
  ) throws {
    let model = loaded.model
    try CacheFit.check(
      dataset,
      against: loaded.data,
      of: loaded.path,
      reading: configuration.input,
      recipe: loaded.recipe
    )
    let samples = try samples(of: dataset, configuration)
    let evaluation = try Evaluation(
      model,
      on: samples,
      of: dataset,
      batchSize: configuration.batchSize,
      configuration.parallel
    )
    let energyReport = EnergyReport(evaluation.operations, energy.constants)
    if let table { return print(energyReport.table(table)) }
    let latency = try Latency(model, on: samples, of: dataset, configuration.parallel)
    let report = EvaluationReport(
      evaluation,
      latency,
      energyReport,
      anytime: try anytimeReport(model, on: samples, of: dataset, configuration),
      part: part,
      classNames: dataset.classNames
    )
    print(output.json ? report.tree.json : report.text)
  }

  private func anytimeReport(
    _ model: any Model,
    on samples: [Int],
    of dataset: FrameCacheDataset,
    _ configuration: TrainingConfiguration
  ) throws -> AnytimeReport? {
    guard anytime else { return nil }
    let evaluation = try AnytimeEvaluation(
      model,
      on: samples,
      of: dataset,
      batchSize: configuration.batchSize,
      configuration.parallel
    )
    return AnytimeReport(evaluation, energy.constants)
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
