import ArgumentParser
import Foundation
import SpikeNet

/// Lists models, or what can be set about one.
struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists every model with its parameters, or the keys of one.",
    discussion: """
      EXAMPLES:
        dvsprep models
        dvsprep models spikingformer      the keys that train sets with model.KEY=VALUE
        dvsprep models --json
      """
  )

  @Argument(help: "A model whose keys and tensors are printed.")
  var name: String?

  @OptionGroup var output: OutputOptions

  /// The input that parameters are counted for: DVS128 Gesture.
  private static let input = ModelInput(
    steps: 16,
    height: 128,
    width: 128,
    channels: 2,
    classes: 11
  )

  mutating func run() async throws {
    let names = name.map { [$0] } ?? ModelRegistry.names
    let rows = try names.map { name in
      let selection = try ModelSelection(defaultsOf: name)
      return (selection, try selection.makeModel(for: Self.input, seed: 0))
    }
    if output.json {
      print(ConfigurationValue.list(try rows.map(Self.description)).json)
    } else if let (selection, model) = rows.first, name != nil {
      try Self.printDetails(selection, model)
    } else {
      print("model           parameters  (16 frames of 128×128 with 2 channels, 11 classes)")
      for (selection, model) in rows {
        let name = selection.name.padding(toLength: 14, withPad: " ", startingAt: 0)
        print("\(name)  \(String(model.parameterCount).leftPadded(to: 10))")
      }
    }
  }

  private static func description(
    _ selection: ModelSelection,
    _ model: any Model
  ) throws -> ConfigurationValue {
    .section([
      .init("name", .text(selection.name)), .init("parameters", .integer(model.parameterCount)),
      .init("input", try ConfigurationValue(encoding: input)),
      .init("config", selection.options),
    ])
  }

  private static func printDetails(_ selection: ModelSelection, _ model: any Model) throws {
    print("\(selection.name): \(model.parameterCount) parameters for 11 classes\n")
    print(try ConfigurationText.yaml(.section([.init("model", selection.options)])))
    for (name, parameter) in model.namedParameters {
      print("\(name)  \(parameter.layout.exportedShape(of: parameter.value.shape))")
    }
  }
}

extension String {
  /// The text with spaces in front of it.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
