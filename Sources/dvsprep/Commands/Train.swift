import ArgumentParser
import Foundation
import SpikeNet

/// Trains a model on a frame cache; a run directory is the result.
struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
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

  @Flag(help: "Print the configuration with all its keys as YAML, and stop.")
  var printConfig = false

  @OptionGroup var outputOptions: OutputOptions

  mutating func run() async throws {
    let run = try TrainingRun(
      options,
      output: output,
      resume: resume,
      initial: initial,
      outputOptions: outputOptions
    )
    if printConfig { return print(try run.configurationText, terminator: "") }
    try run.train()
  }
}
