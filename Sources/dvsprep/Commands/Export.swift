import ArgumentParser
import Exchange
import Foundation
import SpikeNet

/// Writes a model for other programs.
struct Export: AsyncParsableCommand {
  /// What is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case safetensors, pth, nir

    /// The format that a file's name asks for.
    init?(name: String) {
      let name = name.lowercased()
      if name.hasSuffix(".safetensors") {
        self = .safetensors
      } else if [".pth", ".pt", ".pth.tar", ".ckpt"].contains(where: name.hasSuffix) {
        self = .pth
      } else if name.hasSuffix(".nir") {
        self = .nir
      } else {
        return nil
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a model for other programs: safetensors, .pth, NIR.",
    discussion: """
      Tensors get the names that they have in the authors' code, and what that code saves besides is \
      added, so that it loads the file with strict=True. torch.load reads the .pth with \
      weights_only=True. NIR is for networks that it can express: csnn without pooling.
      CHECKPOINT is a run, a checkpoint, or a file of another program with --model.

      EXAMPLES:
        dvsprep export runs/gesture -o spikingformer.pth
        dvsprep export runs/gesture -o weights --format safetensors
        dvsprep export model_best.pth.tar --model spikingformer-2-256 -o weights.safetensors
        dvsprep export runs/csnn -o network.nir
      """
  )

  @Argument(help: "A run directory or a checkpoint.")
  var checkpoint: String

  @Option(name: .shortAndLong, help: "The file to write.")
  var output: String

  @Option(help: "The format: safetensors, pth or nir; by default what the file's name ends with.")
  var format: Format?

  @Flag(help: "Replace a file that exists.")
  var overwrite = false

  @OptionGroup var options: CheckpointOptions

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  @Argument(help: "For a checkpoint of another program: keys of its model, as model.KEY=VALUE.")
  var settings: [String] = []

  mutating func run() async throws {
    guard let format = format ?? Format(name: output) else {
      throw CommandFailure(
        .usage,
        "\(output): its ending names no format; pass --format safetensors, pth or nir"
      )
    }
    guard overwrite || !FileManager.default.fileExists(atPath: output) else {
      throw CommandFailure(.usage, "\(output): exists; pass --overwrite to replace it")
    }
    let loaded = try LoadedModel(checkpoint, options, settings: settings)
    switch format {
    case .safetensors:
      try WeightExport.writeSafetensors(loaded.model, metadata: loaded.description, to: output)
    case .pth: try WeightExport.writeTorch(loaded.model, to: output)
    case .nir:
      try NIRExport.write(loaded.model, for: loaded.data.input, to: output)
      Diagnostics(isQuiet: quiet).warning(
        """
        NIR's LIF is set to its reset potential when it fires; this network subtracts the threshold \
        one step later, which NIR cannot say
        """
      )
    }
    Diagnostics(isQuiet: quiet).note(
      "\(output): \(loaded.model.parameterCount) parameters of \(loaded.configuration.model.name)"
    )
  }
}
