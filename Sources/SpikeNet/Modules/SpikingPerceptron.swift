/// Two layers, each behind a neuron, added to the membrane potentials that they read.
final class SpikingPerceptron: Module {
  private let inputNeuron: any SpikingNeuron
  private let first: NormalizedConvolution
  private let hiddenNeuron: any SpikingNeuron
  private let second: NormalizedConvolution

  /// Creates a perceptron with `ratio` hidden channels for each of `channels`.
  init(
    _ channels: Int,
    ratio: Int,
    neuron: NeuronConfiguration,
    initialization: WeightInitialization = .uniform,
    using generator: inout SeededGenerator
  ) {
    inputNeuron = neuron.makeNeuron()
    first = NormalizedConvolution(
      channels,
      channels * ratio,
      hasBias: true,
      initialization: initialization,
      using: &generator
    )
    hiddenNeuron = neuron.makeNeuron()
    second = NormalizedConvolution(
      channels * ratio,
      channels,
      hasBias: true,
      initialization: initialization,
      using: &generator
    )
  }

  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let hidden = first(inputNeuron(x, in: pass), into: hiddenNeuron, in: pass)
    return second(hidden, adding: x, in: pass)
  }
}
