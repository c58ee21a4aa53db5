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

  /// The input that parameters are counted for: the published one, else DVS128 Gesture.
  private static func input(of name: String) -> ModelInput {
    PublishedModel.named(name)?.input ?? .gesture
  }

  mutating func run() async throws {
    let names =
      name.map { [$0] } ?? ModelRegistry.names + PublishedModel.all.map(\.name)
    let rows = try names.map { name in
      let selection = try ModelSelection(defaultsOf: name)
      return (selection, try selection.makeModel(for: Self.input(of: name), seed: 0))
    }
    if output.json {
      print(ConfigurationValue.list(try rows.map(Self.description)).json)
    } else if let (selection, model) = rows.first, name != nil {
      try Self.printDetails(selection, model)
    } else {
      print("model                    parameters   T  input      classes")
      for (selection, model) in rows { print(Self.line(selection.name, model)) }
    }
  }

  private static func line(_ name: String, _ model: any Model) -> String {
    let input = input(of: name)
    let size = "\(input.channels)×\(input.height)×\(input.width)"
    return name.padding(toLength: 24, withPad: " ", startingAt: 0)
      + String(model.parameterCount).leftPadded(to: 11)
      + String(input.steps).leftPadded(to: 4) + "  "
      + size.padding(toLength: 9, withPad: " ", startingAt: 0)
      + String(input.classes).leftPadded(to: 9)
  }

  private static func description(
    _ selection: ModelSelection,
    _ model: any Model
  ) throws -> ConfigurationValue {
    .section([
      .init("name", .text(selection.name)), .init("parameters", .integer(model.parameterCount)),
      .init("input", try ConfigurationValue(encoding: input(of: selection.name))),
      .init("config", selection.options),
    ])
  }

  private static func printDetails(_ selection: ModelSelection, _ model: any Model) throws {
    let classes = input(of: selection.name).classes
    print("\(selection.name): \(model.parameterCount) parameters for \(classes) classes\n")
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
