/// The three projections of an attention, each with its normalisation and neuron.
final class QueryKeyValue: Module {
  private let query: NormalizedConvolution
  private let queryNeuron: any SpikingNeuron
  private let key: NormalizedConvolution
  private let keyNeuron: any SpikingNeuron
  private let value: NormalizedConvolution
  private let valueNeuron: any SpikingNeuron

  init(
    _ channels: Int,
    neuron: NeuronConfiguration,
    hasBias: Bool = false,
    layout: ParameterLayout,
    initialization: WeightInitialization = .uniform,
    using generator: inout SeededGenerator
  ) {
    func projection() -> NormalizedConvolution {
      NormalizedConvolution(
        channels,
        channels,
        hasBias: hasBias,
        layout: layout,
        initialization: initialization,
        using: &generator
      )
    }
    query = projection()
    queryNeuron = neuron.makeNeuron()
    key = projection()
    keyNeuron = neuron.makeNeuron()
    value = projection()
    valueNeuron = neuron.makeNeuron()
  }

  /// Projects `[T, B, …, C]` to three spike tensors of the same shape.
  func callAsFunction(
    _ x: Variable,
    in pass: ForwardPass
  ) -> (query: Variable, key: Variable, value: Variable) {
    (
      query(x, into: queryNeuron, in: pass), key(x, into: keyNeuron, in: pass),
      value(x, into: valueNeuron, in: pass)
    )
  }

  /// The authors' names of the members, for `layer` = `conv` or `linear`.
  static func names(layer: String) -> [(String, String)] {
    [("query", "q"), ("key", "k"), ("value", "v")].flatMap { ours, theirs in
      [
        ("projections.\(ours).convolution", "\(theirs)_\(layer)"),
        ("projections.\(ours).norm", "\(theirs)_bn"),
        ("projections.\(ours)Neuron", "\(theirs)_lif"),
      ]
    }
  }
}
