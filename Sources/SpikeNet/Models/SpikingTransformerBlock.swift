/// Convolutions that turn frames into tokens, with a neuron before every one but the first.
final class SpikingTokenizer: Module {
  private let stages: [Stage]
  let isForImages: Bool

  final class Stage: Module {
    let neuron: (any SpikingNeuron)?
    let pool: MaxPool2D?
    let convolution: NormalizedConvolution

    init(
      neuron: (any SpikingNeuron)?,
      pools: Bool,
      convolution: NormalizedConvolution
    ) {
      self.neuron = neuron
      pool = pools ? MaxPool2D(kernel: 3, stride: 2, padding: 1) : nil
      self.convolution = convolution
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let spikes = neuron.map { $0(x, in: pass) } ?? x
      return convolution(pool.map { $0(spikes, in: pass) } ?? spikes, in: pass)
    }
  }

  init(
    _ configuration: Spikingformer.Configuration,
    channels: Int,
    using generator: inout SeededGenerator
  ) {
    isForImages = configuration.tokenizer == .images
    let dim = configuration.embedDim
    let widths = [channels, dim / 8, dim / 4, dim / 2, dim, dim]
    let firstPool = isForImages ? 3 : 1
    var stages: [Stage] = []
    for index in 0..<5 {
      stages.append(
        Stage(
          neuron: index == 0 ? nil : configuration.neuron.makeNeuron(),
          pools: index >= firstPool,
          convolution: NormalizedConvolution(
            widths[index],
            widths[index + 1],
            kernel: 3,
            padding: 1,
            using: &generator
          )
        )
      )
    }
    self.stages = stages
  }

  func callAsFunction(_ frames: Variable, in pass: ForwardPass) -> Variable {
    stages.reduce(frames) { $1($0, in: pass) }
  }
}

/// Attention and perceptron, each behind neurons and added to the membrane potentials.
final class SpikingTransformerBlock: Module {
  private let attention: Attention
  private let perceptron: Perceptron

  init(_ configuration: Spikingformer.Configuration, using generator: inout SeededGenerator) {
    attention = Attention(configuration, using: &generator)
    perceptron = Perceptron(configuration, using: &generator)
  }

  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    perceptron(attention(x, in: pass), in: pass)
  }

  final class Attention: Module {
    private let neuron: any SpikingNeuron
    private let query: NormalizedConvolution
    private let queryNeuron: any SpikingNeuron
    private let key: NormalizedConvolution
    private let keyNeuron: any SpikingNeuron
    private let value: NormalizedConvolution
    private let valueNeuron: any SpikingNeuron
    private let attentionNeuron: any SpikingNeuron
    private let projection: NormalizedConvolution
    private let heads: Int
    private let scale: Float

    init(_ configuration: Spikingformer.Configuration, using generator: inout SeededGenerator) {
      let dim = configuration.embedDim
      let neuron = configuration.neuron
      self.neuron = neuron.makeNeuron()
      query = NormalizedConvolution(dim, dim, layout: .pointwise, using: &generator)
      queryNeuron = neuron.makeNeuron()
      key = NormalizedConvolution(dim, dim, layout: .pointwise, using: &generator)
      keyNeuron = neuron.makeNeuron()
      value = NormalizedConvolution(dim, dim, layout: .pointwise, using: &generator)
      valueNeuron = neuron.makeNeuron()
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
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let spikes = neuron(x, in: pass)
      let attended = pass.spikingSelfAttention(
        query(spikes, into: queryNeuron, in: pass),
        key(spikes, into: keyNeuron, in: pass),
        value(spikes, into: valueNeuron, in: pass),
        heads: heads,
        scale: scale
      )
      return projection(attentionNeuron(attended, in: pass), adding: x, in: pass)
    }
  }

  final class Perceptron: Module {
    private let inputNeuron: any SpikingNeuron
    private let first: NormalizedConvolution
    private let hiddenNeuron: any SpikingNeuron
    private let second: NormalizedConvolution

    init(_ configuration: Spikingformer.Configuration, using generator: inout SeededGenerator) {
      let dim = configuration.embedDim
      let hidden = dim * configuration.mlpRatio
      inputNeuron = configuration.neuron.makeNeuron()
      first = NormalizedConvolution(dim, hidden, hasBias: true, using: &generator)
      hiddenNeuron = configuration.neuron.makeNeuron()
      second = NormalizedConvolution(hidden, dim, hasBias: true, using: &generator)
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let hidden = first(inputNeuron(x, in: pass), into: hiddenNeuron, in: pass)
      return second(hidden, adding: x, in: pass)
    }
  }
}
