import Foundation
import SpikeNet

/// What `dvsprep models` says about a model: sizes, operations, layers.
struct ModelSummary {
  let selection: ModelSelection
  let input: ModelInput
  private let model: any Model
  private let layers: [LayerOperations]

  /// Builds the model and passes one sample's shapes through it.
  init(_ selection: ModelSelection, _ input: ModelInput) throws {
    self.selection = selection
    self.input = input
    model = try selection.makeModel(for: input, seed: 0)
    layers = model.layers(for: input)
  }

  private var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

  private var inputSize: String { "\(input.channels)×\(input.height)×\(input.width)" }

  /// A line for each model.
  static func table(_ summaries: [ModelSummary]) -> String {
    let rows = summaries.map { summary in
      [
        String(summary.model.parameterCount), String(summary.model.builtParameterCount),
        billions(2 * summary.multiplyAdds), String(summary.input.steps), summary.inputSize,
        String(summary.input.classes),
      ]
    }
    let header = ["parameters", "as built", "GFLOP", "T", "input", "classes"]
    let names = ["model"] + summaries.map(\.selection.name)
    let width = names.map(\.count).max() ?? 0
    return zip(names, TextTable(header: header, rows: rows).lines)
      .map { $0.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + $1 }
      .joined(separator: "\n")
  }

  /// Three significant digits, or four from ten on, as the papers' tables have them.
  private static func billions(_ operations: Int) -> String {
    let value = Double(operations) / 1e9
    return Quantity.decimals(value, value < 0.1 ? 4 : value < 1 ? 3 : 2)
  }
}

extension ModelSummary {
  /// Configuration, layers, and what there is besides.
  var details: String {
    get throws {
      let title =
        "\(selection.name): \(Quantity.count(model.parameterCount)) parameters, "
        + "\(Quantity.count(model.builtParameterCount)) as built; "
        + "\(Self.billions(2 * multiplyAdds)) GFLOP (\(Self.billions(multiplyAdds)) G multiply-adds) "
        + "a sample\n"
        + "input: \(input.steps) frames of \(inputSize), \(Quantity.of(input.classes, "class"))\n"
      let yaml = try ConfigurationText.yaml(.section([.init("model", selection.options)]))
      return ([title, yaml] + [layerTable] + others).joined(separator: "\n")
    }
  }

  private var layerTable: String {
    let rows = layers.map { layer in
      [
        layer.kind.text, layer.output.withoutSample, String(layer.parameters),
        layer.multiplyAdds == 0
          ? "-" : Quantity.decimals(Double(layer.multiplyAdds) / 1e6, 3),
        layer.multiplyAdds == 0 && !layer.kind.isAttention
          ? "-" : layer.readsSpikes ? "spikes" : "real",
      ]
    }
    let header = ["kind", "output", "parameters", "M multiply-adds", "reads"]
    let names = ["layer"] + layers.map(\.name)
    let width = names.map(\.count).max() ?? 0
    return zip(names, TextTable(header: header, rows: rows).lines)
      .map { $0.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + $1 }
      .joined(separator: "\n")
  }

  /// Parameters that belong to no layer, and those that are built and never used.
  private var others: [String] {
    let loose = looseParameters.map { name, parameter in
      "\(name)  \(parameter.layout.exportedShape(of: parameter.shape))"
    }
    let unused = model.unusedParameters.map { "\($0.name)  \($0.shape)" }
    return (loose.isEmpty ? [] : ["\nparameters of no layer:"] + loose)
      + (unused.isEmpty ? [] : ["\nbuilt by the authors' code and never used:"] + unused)
  }

  private var looseParameters: [(name: String, parameter: Parameter)] {
    let prefixes = Set(layers.filter { $0.parameters > 0 }.map { $0.name + "." })
    return model.namedParameters.filter { name, _ in
      !prefixes.contains { name.hasPrefix($0) }
    }
  }

  /// As a tree for JSON.
  func description(withLayers: Bool) throws -> ConfigurationValue {
    var members: [ConfigurationValue.Member] = [
      .init("name", .text(selection.name)), .init("kind", .text(try selection.kind)),
      .init("parameters", .integer(model.parameterCount)),
      .init("parameters_as_built", .integer(model.builtParameterCount)),
      .init("multiply_adds", .integer(multiplyAdds)),
      .init("gflop", .number(2 * Double(multiplyAdds) / 1e9)),
      .init("input", try ConfigurationValue(encoding: input)),
      .init("config", selection.options),
    ]
    if withLayers {
      members.append(.init("layers", .list(layers.map(\.description))))
      members.append(.init("unused", .list(model.unusedParameters.map(\.description))))
    }
    return .section(members)
  }
}

extension LayerOperations {
  fileprivate var description: ConfigurationValue {
    var members: [ConfigurationValue.Member] = [
      .init("name", .text(name)), .init("kind", .text(kind.name)),
      .init("output", .list(output.dimensions.map { .integer($0) })),
      .init("parameters", .integer(parameters)),
      .init("multiply_adds", .integer(multiplyAdds)), .init("reads_spikes", .bool(readsSpikes)),
    ]
    if case .attention(let shape) = kind {
      members += [
        .init("order", .text(shape.form.rawValue)), .init("sequences", .integer(shape.sequences)),
        .init("tokens", .integer(shape.tokens)), .init("heads", .integer(shape.heads)),
        .init("head_width", .integer(shape.headWidth)),
      ]
    }
    return .section(members)
  }
}

extension UnusedParameter {
  fileprivate var description: ConfigurationValue {
    .section([
      .init("name", .text(name)), .init("shape", .list(shape.dimensions.map { .integer($0) })),
    ])
  }
}

extension LayerCall.Kind {
  /// One word.
  fileprivate var name: String {
    switch self {
    case .convolution: "convolution"
    case .linear: "linear"
    case .attention: "attention"
    case .normalization: "normalization"
    case .neuron: "neuron"
    case .pooling: "pooling"
    }
  }

  /// The word with the sizes that matter.
  fileprivate var text: String {
    switch self {
    case .convolution(let kernel, let stride):
      stride == 1 ? "\(kernel)x\(kernel) convolution" : "\(kernel)x\(kernel)/\(stride) convolution"
    case .attention(let shape):
      "attention \(shape.form.rawValue), \(shape.heads) heads of \(shape.headWidth)"
    default: name
    }
  }

  fileprivate var isAttention: Bool { if case .attention = self { true } else { false } }
}

extension Shape {
  /// The dimensions without that of samples, such as `16×128×128×32`.
  fileprivate var withoutSample: String {
    var dimensions = dimensions
    dimensions.remove(at: dimensions.count > 2 ? 1 : 0)
    return dimensions.map(String.init).joined(separator: "×")
  }
}
