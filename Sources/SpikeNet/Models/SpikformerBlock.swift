/// Attention and perceptron of Spikformer: a neuron behind every normalisation, spikes added.
final class SpikformerBlock: Module {
  private let attention: Attention
  private let perceptron: Perceptron

  init(_ configuration: Spikformer.Configuration, using generator: inout SeededGenerator) {
    attention = Attention(configuration, using: &generator)
    perceptron = Perceptron(configuration, using: &generator)
  }

  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let attended = pass.sum(x, attention(x, in: pass))
    return pass.sum(attended, perceptron(attended, in: pass))
  }

  final class Attention: Module {
    private let projections: QueryKeyValue
    private let attentionNeuron: any SpikingNeuron
    private let projection: NormalizedConvolution
    private let projectionNeuron: any SpikingNeuron
    private let heads: Int
    private let scale: Float
    private let form: AttentionShape.Form

    init(_ configuration: Spikformer.Configuration, using generator: inout SeededGenerator) {
      let dim = configuration.embedDim
      let isForCIFAR = configuration.variant == .cifar
      let layout: ParameterLayout = isForCIFAR ? .tokenwise : .pointwise
      let initialization: WeightInitialization =
        isForCIFAR ? .truncatedNormal(0.02) : .uniform
      projections = QueryKeyValue(
        dim,
        neuron: configuration.neuron,
        hasBias: isForCIFAR,
        layout: layout,
        initialization: initialization,
        using: &generator
      )
      attentionNeuron = configuration.neuron.makeNeuron(
        threshold: configuration.attentionThreshold
      )
      projection = NormalizedConvolution(
        dim,
        dim,
        hasBias: true,
        layout: layout,
        initialization: initialization,
        using: &generator
      )
      projectionNeuron = configuration.neuron.makeNeuron()
      heads = configuration.headCount
      scale = configuration.scale
      form = configuration.variant == .imagenet ? .valuesFirst : .queriesFirst
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let (query, key, value) = projections(x, in: pass)
      let attended = pass.spikingSelfAttention(query, key, value, heads: heads, scale: scale)
      let shape = AttentionShape(form, perFrame: query.shape, heads: heads)
      pass.report(self, .attention(shape), of: query, key, value, to: query.shape)
      return projection(attentionNeuron(attended, in: pass), into: projectionNeuron, in: pass)
    }
  }

  final class Perceptron: Module {
    private let first: NormalizedConvolution
    private let firstNeuron: any SpikingNeuron
    private let second: NormalizedConvolution
    private let secondNeuron: any SpikingNeuron

    init(_ configuration: Spikformer.Configuration, using generator: inout SeededGenerator) {
      let dim = configuration.embedDim
      let hidden = dim * configuration.mlpRatio
      let layout: ParameterLayout =
        switch configuration.variant {
        case .events: .pointwise
        case .cifar: .tokenwise
        case .imagenet: .convolution
        }
      let initialization: WeightInitialization =
        configuration.variant == .cifar ? .truncatedNormal(0.02) : .uniform
      first = NormalizedConvolution(
        dim,
        hidden,
        hasBias: true,
        layout: layout,
        initialization: initialization,
        using: &generator
      )
      firstNeuron = configuration.neuron.makeNeuron()
      second = NormalizedConvolution(
        hidden,
        dim,
        hasBias: true,
        layout: layout,
        initialization: initialization,
        using: &generator
      )
      secondNeuron = configuration.neuron.makeNeuron()
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      second(first(x, into: firstNeuron, in: pass), into: secondNeuron, in: pass)
    }
  }
}
