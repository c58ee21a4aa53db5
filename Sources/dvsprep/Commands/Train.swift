import ArgumentParser
import Foundation
import SpikeNet

/// Trains a model on a frame cache; a run directory is the result.
struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model on a frame cache; a run directory is the result.",
    discussion: """
      Flags, the YAML file and settings set the same keys; settings outrank flags, flags the file. \
      What is not set comes from the model's recipe; config.yaml in the run directory has it all.

      Ctrl-C and SIGTERM save a checkpoint and end with 130 or 143; --resume auto continues to \
      the weights that an undisturbed run would have, bit for bit.

      EXAMPLES:
        dvsprep train --data gesture.h5 --model spikingformer -o runs/gesture
        dvsprep train --data nmnist.h5 --model csnn epochs=30 optimizer.lr=1e-3
        dvsprep train --config run.yaml --seed 1 -o runs/seed1
        dvsprep train -o runs/gesture --resume auto epochs=60
        dvsprep train --data gesture.h5 --recipe spikingformer-dvs128-gesture-t16 --time-limit 8h
        dvsprep train --data nmnist.h5 --model csnn --seeds 0,1,2 -o runs/csnn
      """
  )

  @OptionGroup var options: TrainingOptions

  @Option(
    name: .shortAndLong,
    help: "The run directory; by default a new one in runs/."
  )
  var output: String?

  @Option(
    help: "Continue from a checkpoint: auto for the run directory's last one if there is one."
  )
  var resume: String?

  @Option(
    name: .customLong("init"),
    help: "Begin with the weights of a checkpoint, of a run or of another program (.pth, .pth.tar)."
  )
  var initial: String?

  @Option(help: "Save and stop after a time such as 30m or 1h30m; seconds without a unit.")
  var timeLimit: TimeLimit?

  @Option(help: "Train once with each of these seeds, such as 0,1,2; mean and deviation are given.")
  var seeds: SeedList?

  @Flag(help: "Print the configuration with all its keys as YAML, and stop.")
  var printConfig = false

  @OptionGroup var outputOptions: OutputOptions

  mutating func run() async throws {
    let deadline = timeLimit.map { ContinuousClock.now + .seconds($0.seconds) }
    if let seeds, !printConfig { return try trainSeries(seeds.seeds, until: deadline) }
    let run = try makeRun(options, output, deadline)
    if printConfig { return print(try run.configurationText, terminator: "") }
    let summary = try run.train()
    try run.printResult(summary)
  }

  private func makeRun(
    _ options: TrainingOptions,
    _ output: String?,
    _ deadline: ContinuousClock.Instant?,
    series: String? = nil
  ) throws -> TrainingRun {
    try TrainingRun(
      options,
      output: output,
      resume: resume,
      initial: initial,
      deadline: deadline,
      series: series,
      outputOptions: outputOptions
    )
  }

  private func trainSeries(_ seeds: [Int], until deadline: ContinuousClock.Instant?) throws {
    guard resume == nil || resume == "auto" else {
      throw CommandFailure(.usage, "--seeds continues each run by --resume auto only")
    }
    let folder =
      try output
      ?? TrainingRun.freeFolder(
        "\(try makeRun(options, nil, deadline).modelName)-seeds"
      )
    var shared = options
    // A series that goes on needs to be told nothing but its seeds.
    if resume != nil, options.config == nil {
      shared.config = seeds.map { RunDirectory("\(folder)/seed-\($0)").configuration }
        .first { access($0, F_OK) == 0 }
    }
    let list = seeds.map(String.init).joined(separator: ",")
    let again = "dvsprep train -o \(folder) --seeds \(list) --resume auto"
    let series = RunSeries(seeds: seeds, folder: folder, outputOptions) { [shared] seed, folder in
      var options = shared
      options.settings.append("seed=\(seed)")
      return try makeRun(options, folder, deadline, series: again)
    }
    try series.train()
  }
}
