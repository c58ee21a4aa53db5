/// Attention over time, attention over tokens, and a perceptron with a spiking hidden layer.
final class SpikeformerBlock: Module {
  private let temporalNorm: LayerNorm
  private let temporalAttention: SoftmaxSelfAttention
  private let temporalLinear: Linear
  private let attentionNorm: LayerNorm
  private let attention: SoftmaxSelfAttention
  private let perceptronNorm: LayerNorm
  private let perceptron: Perceptron
  private let dropRate: Float

  init(
    _ configuration: Spikeformer.Configuration,
    index: Int,
    using generator: inout SeededGenerator
  ) {
    let dim = configuration.embedDim
    func attention(over axis: AttendedAxis) -> SoftmaxSelfAttention {
      SoftmaxSelfAttention(
        dim,
        heads: configuration.heads,
        over: axis,
        hasBias: false,
        using: &generator
      )
    }
    temporalNorm = LayerNorm(dim)
    temporalAttention = attention(over: .steps)
    temporalLinear = Linear(dim, dim, initialization: .zeros, using: &generator)
    attentionNorm = LayerNorm(dim)
    self.attention = attention(over: .tokens)
    perceptronNorm = LayerNorm(dim)
    perceptron = Perceptron(configuration, using: &generator)
    dropRate = configuration.dropRate(ofBlock: index)
  }

  /// Maps `[T, B, N, C]` to the same shape.
  ///
  /// Paths are dropped as the authors' code does: over time for one token of a sample, over tokens
  /// for one frame, in the perceptron for one time step of the whole batch.
  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let overTime = temporalAttention(temporalNorm(x, in: pass), in: pass)
    let kept = pass.droppingPaths(overTime, rate: dropRate, groups: 1..<3)
    var x = pass.sum(x, temporalLinear(kept, in: pass))
    let overTokens = attention(attentionNorm(x, in: pass), in: pass)
    x = pass.sum(x, pass.droppingPaths(overTokens, rate: dropRate, groups: 0..<2))
    let hidden = perceptron(perceptronNorm(x, in: pass), in: pass)
    return pass.sum(x, pass.droppingPaths(hidden, rate: dropRate, groups: 0..<1))
  }

  final class Perceptron: Module {
    private let first: Linear
    private let neuron: any SpikingNeuron
    private let second: Linear

    init(_ configuration: Spikeformer.Configuration, using generator: inout SeededGenerator) {
      let dim = configuration.embedDim
      let hidden = dim * configuration.mlpRatio
      first = Linear(dim, hidden, initialization: .truncatedNormal(0.02), using: &generator)
      neuron = configuration.neuron.makeNeuron()
      second = Linear(hidden, dim, initialization: .truncatedNormal(0.02), using: &generator)
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      second(neuron(first(x, in: pass), in: pass), in: pass)
    }
  }
}
