import ArgumentParser
import Foundation
import SpikeNet

/// One run from its command line: what to train, where to keep it, and what to say about it.
struct TrainingRun {
  private let configuration: TrainingConfiguration
  private let directory: RunDirectory
  private let checkpoint: Checkpoint?
  private let deadline: ContinuousClock.Instant?
  /// A checkpoint whose weights a new run begins with.
  private let initial: String?
  private let output: OutputOptions
  /// The command that goes on where this run was stopped.
  private let continuation: String

  /// Decides everything that can be decided without the data.
  init(
    _ options: TrainingOptions,
    output: String?,
    resume: String?,
    initial: String? = nil,
    deadline: ContinuousClock.Instant?,
    series: String? = nil,
    outputOptions: OutputOptions
  ) throws {
    self.output = outputOptions
    self.deadline = deadline
    self.initial = initial
    let changes = try options.changes()
    checkpoint = try Self.checkpoint(resume, output)
    configuration = try TrainingConfiguration.resolved(changes, base: checkpoint?.configuration)
    guard !configuration.data.isEmpty else {
      throw SpikeNetError(
        .configuration,
        "no data: expected --data CACHE, a frame cache that dvsprep convert made"
      )
    }
    directory = try Self.directory(output, resume, configuration)
    continuation = series ?? "dvsprep train -o \(directory.path) --resume auto"
    if let checkpoint { try noteChanges(since: checkpoint) }
  }

  /// What `--resume` asks for; `auto` in a directory without a run begins one.
  private static func checkpoint(_ resume: String?, _ output: String?) throws -> Checkpoint? {
    guard let resume else { return nil }
    guard resume == "auto" else { return try Checkpoint.read(CheckpointPath.last(of: resume)) }
    guard let output else {
      throw SpikeNetError(.configuration, "--resume auto needs -o, the directory of the run")
    }
    let directory = RunDirectory(output)
    return directory.hasLast ? try Checkpoint.read(directory.last) : nil
  }

  private static func directory(
    _ output: String?,
    _ resume: String?,
    _ configuration: TrainingConfiguration
  ) throws -> RunDirectory {
    if let output {
      let directory = RunDirectory(output)
      guard resume != nil || !directory.holdsRun else {
        throw SpikeNetError(
          .configuration,
          "holds a run already; add --resume auto to continue it, or choose another -o",
          path: output
        )
      }
      return directory
    }
    if let resume, let directory = CheckpointPath.runDirectory(of: resume) { return directory }
    return RunDirectory(try freeFolder(configuration.model.name))
  }

  /// A folder in `runs/` that does not exist.
  static func freeFolder(_ name: String) throws -> String {
    let names = (1...9999).lazy.map { "runs/\(name)-" + String(format: "%03d", $0) }
    let free = names.first { !FileManager.default.fileExists(atPath: $0) }
    guard let free else { throw SpikeNetError(.inputOutput, "no free name", path: "runs") }
    return free
  }

  /// Says where a model whose name tells a published size reads frames of another size.
  private func noteOtherInput(_ input: ModelInput) {
    let name = configuration.model.name
    guard configuration.recipe.isEmpty, name.contains("-"), PublishedModel.named(name) != nil
    else { return }
    let published = PublishedModel.input(of: name)
    let sizes = [input, published].map { "\($0.height)×\($0.width) with \($0.channels) channels" }
    guard sizes[0] != sizes[1] else { return }
    output.diagnostics.warning(
      """
      \(name) was published for frames of \(sizes[1]); for those of \(sizes[0]) it is another \
      network, with other numbers of parameters or tokens
      """
    )
  }

  private func noteChanges(since checkpoint: Checkpoint) throws {
    output.diagnostics.note("resuming \(checkpoint.path)")
    for change in try configuration.differences(from: checkpoint.configuration) {
      output.diagnostics.note("  \(change.key): \(change.new) (was \(change.old))")
    }
  }

  /// The resolved configuration as YAML.
  var configurationText: String {
    get throws { try ConfigurationText.yaml(ConfigurationValue(encoding: configuration)) }
  }

  /// The model that is trained.
  var modelName: String { configuration.model.name }

  /// Trains, and leaves the run directory.
  func train() throws -> RunSummary {
    let cache = try FrameCacheDataset(configuration.data, reading: configuration.input)
    if let checkpoint { try CacheFit.check(cache, against: checkpoint) }
    try CacheFit.check(cache, against: configuration)
    let data = try cache.trainingData(split: configuration.split)
    guard configuration.trainedSteps <= data.description.steps else {
      throw CommandFailure(
        .usage,
        """
        t_train is \(configuration.trainedSteps), and \(configuration.data) has \
        \(data.description.steps) frames a sample; set at most that, or 0 for all
        """
      )
    }
    noteOtherInput(data.description.input)
    let model = try configuration.model.makeModel(
      for: data.description.input,
      seed: configuration.seed
    )
    if let initial, checkpoint == nil { try LoadedModel.fill(model, from: initial) }
    try directory.create()
    let trainer = try Trainer(model, configuration, data: data, directory: directory)
    trainer.notes = cache.notes
    if let checkpoint { try trainer.resume(from: checkpoint) }
    try AtomicFile.write(configurationText, to: directory.configuration)
    if data.validation.isEmpty, !data.test.isEmpty {
      output.diagnostics.warning(
        "the split has no val part: best.safetensors is chosen by test, which flatters it"
      )
    }
    return try run(trainer)
  }

  private func run(_ trainer: Trainer) throws -> RunSummary {
    let signal = StopSignal()
    let loggers: [any MetricsLogger] = [
      EpochLines.table(directory.metricsTable), EpochLines.json(directory.metricsLines),
      TensorBoardLog(folder: directory.path),
    ]
    var report = TrainingReport(output)
    defer { report.clear() }
    let outcome = try trainer.run { event in
      for var logger in loggers { try logger.log(event) }
      report.show(event)
    } until: {
      signal.received != nil || deadline.map { ContinuousClock.now >= $0 } ?? false
    }
    report.clear()
    var summary = RunSummary(trainer)
    summary.isFinished = outcome == .finished
    if outcome == .finished {
      let results = try RunResults(trainer, directory)
      summary.add(results.firingRates)
      summary.add(results.operations)
    } else {
      try RunResults.writeCurves(trainer, directory)
    }
    try AtomicFile.write(RunSummary.json(summary) + "\n", to: directory.summary)
    if outcome == .stopped { try stop(signal.received, trainer) }
    return summary
  }

  private func stop(_ signal: Int32?, _ trainer: Trainer) throws {
    output.diagnostics.note(
      """
      stopped in epoch \(trainer.progress.epoch + 1) after step \(trainer.progress.step); to \
      continue: \(continuation)
      """
    )
    if let signal { throw ExitCode(128 + signal) }
  }

  /// Prints what came of the run.
  func printResult(_ summary: RunSummary) throws {
    output.diagnostics.note(
      """
      \(directory.path): \(summary.epochs) epochs, \
      \(TrainingReport.decimals(summary.secondsPerEpoch, 2)) s an epoch, \
      peak memory \(summary.peakMemoryMB) MB
      """
    )
    if output.json {
      print(try RunSummary.json(summary))
    } else if !summary.isFinished {
      return
    } else if let top1 = summary.testTop1 {
      print("test accuracy \(TrainingReport.decimals(top1, 3))")
    } else {
      print("train accuracy \(TrainingReport.decimals(summary.last?.trainTop1 ?? 0, 3))")
    }
  }
}
