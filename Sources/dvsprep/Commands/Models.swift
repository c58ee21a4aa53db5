import ArgumentParser
import Foundation
import SpikeNet

/// Lists models, or the layers of one.
struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List every model with its parameters and operations, or the layers of one.",
    discussion: """
      Parameters are those that a model uses, and those that its authors' code builds, which may
      build some that it never uses. Operations are of one sample and all its time steps, as a
      framework without spikes computes them: convolutions, linear layers and products of matrices;
      GFLOP counts two for a multiply-add.

      EXAMPLES:
        dvsprep models
        dvsprep models spikingformer-2-256
        dvsprep models spikingformer -T 10 --size 64 --classes 10 model.embed_dim=64
        dvsprep models 12C5-MP2-64C5-MP2-FC10
        dvsprep models runs/one/config.yaml --json
      """
  )

  @Argument(help: "A model, a string of layers, or a YAML file, whose layers are printed.")
  var name: String?
  @OptionGroup var inputOptions: ModelInputOptions
  @OptionGroup var output: OutputOptions
  @Argument(help: "Settings of the model, such as model.embed_dim=64.")
  var settings: [String] = []

  mutating func run() async throws {
    guard let name else {
      let summaries = try ModelSelection.names.map { name in
        try ModelSummary(ModelSelection(defaultsOf: name), inputOptions.input(of: name))
      }
      print(
        output.json
          ? ConfigurationValue.section([
            .init("models", .list(try summaries.map { try $0.description(withLayers: false) }))
          ]).json
          : ModelSummary.table(summaries)
      )
      return
    }
    let selection = try selection(name)
    let summary = try ModelSummary(selection, inputOptions.input(of: selection.name))
    print(
      output.json
        ? try summary.description(withLayers: true).json
        : try summary.details
    )
  }

  private func selection(_ name: String) throws -> ModelSelection {
    let isFile = [".yaml", ".yml"].contains { name.hasSuffix($0) }
    var changes = [
      isFile
        ? try ConfigurationText.read(name)
        : .section([]).setting(["model", "name"], to: .text(name))
    ]
    for setting in settings { changes.append(try ConfigurationText.setting(setting)) }
    return try TrainingConfiguration.resolved(changes).model
  }
}
