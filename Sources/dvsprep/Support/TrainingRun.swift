import ArgumentParser
import Foundation
import SpikeNet

/// One run from its command line: what to train, where to keep it, and what to say about it.
struct TrainingRun {
  private let configuration: TrainingConfiguration
  private let directory: RunDirectory
  private let checkpoint: Checkpoint?
  /// A checkpoint whose weights a new run begins with.
  private let initial: String?
  private let output: OutputOptions

  /// Decides everything that can be decided without the data.
  init(
    _ options: TrainingOptions,
    output: String?,
    resume: String?,
    initial: String? = nil,
    outputOptions: OutputOptions
  ) throws {
    self.output = outputOptions
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
    let names = (1...9999).lazy.map { number in
      "runs/\(configuration.model.name)-" + String(format: "%03d", number)
    }
    let free = names.first { !FileManager.default.fileExists(atPath: $0) }
    guard let free else { throw SpikeNetError(.inputOutput, "no free name", path: "runs") }
    return RunDirectory(free)
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

  /// Trains, and leaves the run directory.
  func train() throws {
    let cache = try FrameCacheDataset(configuration.data)
    if let checkpoint { try CacheFit.check(cache, against: checkpoint) }
    let data = try cache.trainingData(split: configuration.split)
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
      output.diagnostics.note("the split has no val part: best.safetensors is chosen by test")
    }
    try run(trainer)
  }

  private func run(_ trainer: Trainer) throws {
    let signal = StopSignal()
    let loggers: [any MetricsLogger] = [
      EpochLines.table(directory.metricsTable), EpochLines.json(directory.metricsLines),
    ]
    var report = TrainingReport(output)
    defer { report.clear() }
    let outcome = try trainer.run { event in
      for var logger in loggers { try logger.log(event) }
      report.show(event)
    } until: {
      signal.received != nil
    }
    report.clear()
    let summary = RunSummary(trainer)
    try AtomicFile.write(summary.json() + "\n", to: directory.summary)
    if outcome == .stopped { try stop(signal.received ?? SIGTERM, trainer) }
    printResult(summary)
  }

  private func stop(_ signal: Int32, _ trainer: Trainer) throws {
    output.diagnostics.note(
      """
      stopped in epoch \(trainer.progress.epoch + 1) after step \(trainer.progress.step); to \
      continue: dvsprep train -o \(directory.path) --resume auto
      """
    )
    throw ExitCode(128 + signal)
  }

  private func printResult(_ summary: RunSummary) {
    output.diagnostics.note(
      """
      \(directory.path): \(summary.epochs) epochs, \
      \(TrainingReport.decimals(summary.secondsPerEpoch, 2)) s an epoch, \
      peak memory \(summary.peakMemoryMB) MB
      """
    )
    if output.json {
      print((try? summary.json()) ?? "")
    } else if let top1 = summary.testTop1 {
      print("test accuracy \(TrainingReport.decimals(top1, 3))")
    } else {
      print("train accuracy \(TrainingReport.decimals(summary.last?.trainTop1 ?? 0, 3))")
    }
  }
}
