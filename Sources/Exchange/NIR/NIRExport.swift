import SpikeNet

/// Writes networks that the Neuromorphic Intermediate Representation has words for.
///
/// Those are chains of convolutions, linear layers and leaky neurons without pooling. A ``Leaky``
/// with β becomes a LIF with τ = Δt/(1 − β) and R = 1/(1 − β), which one Euler step of Δt turns back
/// into β·v + x.
public enum NIRExport {
  /// The step of time that stands for one frame, in seconds, as snnTorch has it.
  private static let stepSeconds: Float = 1e-4

  /// Writes a network as HDF5.
  ///
  /// - Throws: ``SpikeNetError`` of kind `unsupported` with the layer that cannot be expressed and
  ///   why, or of kind `inputOutput`.
  public static func write(
    _ model: any Model,
    for input: ModelInput,
    to path: String
  ) throws(SpikeNetError) {
    try graph(of: model, for: input).write(to: path)
  }

  static func graph(of model: any Model, for input: ModelInput) throws(SpikeNetError) -> NIRGraph {
    guard model is SpikingCNN else {
      throw SpikeNetError(
        .unsupported,
        "NIR cannot express this model: it has nodes for chains of convolutions, linear layers and "
          + "spiking neurons, and not for attention, sums of branches or means over tokens or time, "
          + "nor for ANN activations; csnn is a model that it may express"
      )
    }
    let modules = Dictionary(
      model.namedModules.map { ($0.name, $0.module) },
      uniquingKeysWith: { first, _ in first }
    )
    var builder = Builder(input: input)
    for layer in model.layers(for: input) {
      guard let module = modules[layer.name] else { continue }
      try builder.append(layer, module)
    }
    return builder.finished()
  }

  /// Adds one node for each layer, keeping track of what lies between them.
  private struct Builder {
    private var graph = NIRGraph()
    /// `[C, H, W]`, or `[C]` behind a linear layer.
    private var shape: [Int]

    init(input: ModelInput) {
      shape = [input.channels, input.height, input.width]
      graph.append(.init(name: "input", type: "Input", values: [("shape", extent(shape))]))
    }

    private func extent(_ shape: [Int]) -> NIRGraph.Value { .integers(shape.map(Int64.init)) }

    mutating func append(_ layer: LayerOperations, _ module: any Module) throws(SpikeNetError) {
      let name = layer.name.replacing(".", with: "_")
      switch layer.kind {
      case .convolution(let kernel, let stride):
        try appendConvolution(name, layer, module, kernel: kernel, stride: stride)
      case .linear: try appendLinear(name, module)
      case .neuron:
        guard let neuron = module as? Leaky else { throw refusal(layer, "this neuron") }
        appendNeuron(name, neuron)
      case .pooling: throw refusal(layer, "the maximum of several currents")
      case .attention: throw refusal(layer, "attention")
      case .normalization: throw refusal(layer, "normalisation")
      }
    }

    private func refusal(_ layer: LayerOperations, _ what: String) -> SpikeNetError {
      SpikeNetError(
        .unsupported,
        "NIR cannot express this network: it has no node for \(what), which \(layer.name) is; a csnn "
          + "without pooling, such as 12C5-64C5-FC10, can be exported"
      )
    }

    private mutating func appendConvolution(
      _ name: String,
      _ layer: LayerOperations,
      _ module: any Module,
      kernel: Int,
      stride: Int
    ) throws(SpikeNetError) {
      let (weight, bias) = try parameters(of: module, outputs: layer.output.channels)
      let output = [layer.output.channels, layer.output[-3], layer.output[-2]]
      let padding = ((output[1] - 1) * stride + kernel - shape[1] + 1) / 2
      let pair = { (value: Int) in NIRGraph.Value.integers([Int64(value), Int64(value)]) }
      graph.append(
        .init(
          name: name,
          type: "Conv2d",
          values: [
            ("input_shape", extent(Array(shape.dropFirst()))),
            ("weight", .floats(shape: weight.shape.dimensions, weight.scalars)), ("bias", bias),
            ("stride", pair(stride)), ("padding", pair(padding)), ("dilation", pair(1)),
            ("groups", .integer(1)),
          ]
        )
      )
      shape = output
    }

    private mutating func appendLinear(
      _ name: String,
      _ module: any Module
    ) throws(SpikeNetError) {
      if shape.count > 1 {
        graph.append(
          .init(
            name: name + "_flatten",
            type: "Flatten",
            values: [
              ("input_type", extent(shape)), ("start_dim", .integer(0)), ("end_dim", .integer(-1)),
            ]
          )
        )
      }
      let outputs = module.namedParameters.first?.parameter.value.shape.channels ?? 0
      let (weight, bias) = try parameters(of: module, outputs: outputs)
      graph.append(
        .init(
          name: name,
          type: "Affine",
          values: [
            ("weight", .floats(shape: weight.shape.dimensions, weight.scalars)), ("bias", bias),
          ]
        )
      )
      shape = [outputs]
    }

    private mutating func appendNeuron(_ name: String, _ neuron: Leaky) {
      let shape = shape
      let filled = { (value: Float) in
        NIRGraph.Value.floats(
          shape: shape,
          [Float](repeating: value, count: shape.reduce(1, *))
        )
      }
      let kept = 1 - neuron.beta
      graph.append(
        .init(
          name: name,
          type: "LIF",
          values: [
            ("tau", filled(NIRExport.stepSeconds / kept)), ("r", filled(1 / kept)),
            ("v_leak", filled(0)), ("v_reset", filled(0)),
            ("v_threshold", filled(neuron.threshold)),
          ]
        )
      )
    }

    /// The weights in torch's order, and the bias, or zeros where there is none.
    private func parameters(
      of module: any Module,
      outputs: Int
    ) throws(SpikeNetError) -> (weight: Tensor, bias: NIRGraph.Value) {
      let parameters = module.namedParameters
      guard let weight = parameters.first(where: { $0.name == "weight" })?.parameter.exported else {
        throw SpikeNetError(.unsupported, "a layer without weights")
      }
      let bias = parameters.first { $0.name == "bias" }?.parameter.exported.scalars
      return (
        weight, .floats(shape: [outputs], bias ?? [Float](repeating: 0, count: outputs))
      )
    }

    func finished() -> NIRGraph {
      var graph = graph
      graph.append(.init(name: "output", type: "Output", values: [("shape", extent(shape))]))
      return graph
    }
  }
}
