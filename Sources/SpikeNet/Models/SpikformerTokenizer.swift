/// Convolutions that turn frames into spikes, and a position code that is added to them.
final class SpikformerTokenizer: Module {
  private let stages: [Stage]
  private let position: NormalizedConvolution
  private let positionNeuron: any SpikingNeuron

  final class Stage: Module {
    let convolution: NormalizedConvolution
    let neuron: any SpikingNeuron
    let pool: MaxPool2D?

    init(convolution: NormalizedConvolution, neuron: any SpikingNeuron, pools: Bool) {
      self.convolution = convolution
      self.neuron = neuron
      pool = pools ? MaxPool2D(kernel: 3, stride: 2, padding: 1) : nil
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let spikes = convolution(x, into: neuron, in: pass)
      return pool.map { $0(spikes, in: pass) } ?? spikes
    }
  }

  init(
    _ configuration: Spikformer.Configuration,
    channels: Int,
    using generator: inout SeededGenerator
  ) {
    let dim = configuration.embedDim
    let widths = [channels, dim / 8, dim / 4, dim / 2, dim]
    let firstPool = configuration.variant == .cifar ? 2 : 0
    var stages: [Stage] = []
    for index in 0..<4 {
      stages.append(
        Stage(
          convolution: NormalizedConvolution(
            widths[index],
            widths[index + 1],
            kernel: 3,
            padding: 1,
            using: &generator
          ),
          neuron: configuration.neuron.makeNeuron(),
          pools: index >= firstPool
        )
      )
    }
    self.stages = stages
    position = NormalizedConvolution(dim, dim, kernel: 3, padding: 1, using: &generator)
    positionNeuron = configuration.neuron.makeNeuron()
  }

  func callAsFunction(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let x = stages.reduce(frames) { $1($0, in: pass) }
    return pass.sum(position(x, into: positionNeuron, in: pass), x)
  }
}
