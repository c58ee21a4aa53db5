/// Attention and perceptron, each behind neurons and added to the membrane potentials.
final class SpikingformerBlock: Module {
  private let attention: Attention
  private let perceptron: SpikingPerceptron

  /// Creates a block.
  ///
  /// - Parameter form: The order of the attention's products in the authors' program.
  init(
    _ configuration: Spikingformer.Configuration,
    form: AttentionShape.Form,
    using generator: inout SeededGenerator
  ) {
    attention = Attention(configuration, form: form, using: &generator)
    perceptron = SpikingPerceptron(
      configuration.embedDim,
      ratio: configuration.mlpRatio,
      neuron: configuration.neuron,
      using: &generator
    )
  }

  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    perceptron(attention(x, in: pass), in: pass)
  }

  final class Attention: Module {
    private let neuron: any SpikingNeuron
    private let projections: QueryKeyValue
    private let attentionNeuron: any SpikingNeuron
    private let projection: NormalizedConvolution
    private let heads: Int
    private let scale: Float
    private let form: AttentionShape.Form

    init(
      _ configuration: Spikingformer.Configuration,
      form: AttentionShape.Form,
      using generator: inout SeededGenerator
    ) {
      let dim = configuration.embedDim
      let neuron = configuration.neuron
      self.neuron = neuron.makeNeuron()
      projections = QueryKeyValue(dim, neuron: neuron, layout: .pointwise, using: &generator)
      attentionNeuron = neuron.makeNeuron(threshold: configuration.attentionThreshold)
      projection = NormalizedConvolution(
        dim,
        dim,
        hasBias: true,
        layout: .pointwise,
        using: &generator
      )
      heads = configuration.headCount
      scale = configuration.attentionScale
      self.form = form
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let (query, key, value) = projections(neuron(x, in: pass), in: pass)
      let attended = pass.spikingSelfAttention(query, key, value, heads: heads, scale: scale)
      let shape = AttentionShape(form, perFrame: query.shape, heads: heads)
      pass.report(self, .attention(shape), of: query, key, value, to: query.shape)
      return projection(attentionNeuron(attended, in: pass), adding: x, in: pass)
    }
  }
}
