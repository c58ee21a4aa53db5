/// Convolutions that turn frames into membrane potentials, and a position code added to them.
final class SpikeDrivenTokenizer: Module {
  private let stages: [Stage]
  private let positionNeuron: any SpikingNeuron
  private let position: NormalizedConvolution

  /// The last stage has no neuron: its potentials are the residual.
  final class Stage: Module {
    let convolution: NormalizedConvolution
    let neuron: (any SpikingNeuron)?
    let pool: MaxPool2D?

    init(convolution: NormalizedConvolution, neuron: (any SpikingNeuron)?, pools: Bool) {
      self.convolution = convolution
      self.neuron = neuron
      pool = pools ? MaxPool2D(kernel: 3, stride: 2, padding: 1) : nil
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let y = neuron.map { convolution(x, into: $0, in: pass) } ?? convolution(x, in: pass)
      return pool.map { $0(y, in: pass) } ?? y
    }
  }

  init(
    _ configuration: SpikeDrivenTransformer.Configuration,
    channels: Int,
    using generator: inout SeededGenerator
  ) {
    let dim = configuration.embedDim
    let widths = [channels, dim / 8, dim / 4, dim / 2, dim]
    var stages: [Stage] = []
    for index in 0..<4 {
      stages.append(
        Stage(
          convolution: NormalizedConvolution(
            widths[index],
            widths[index + 1],
            kernel: 3,
            padding: 1,
            initialization: .truncatedNormal(0.02),
            using: &generator
          ),
          neuron: index < 3 ? configuration.neuron.makeNeuron() : nil,
          pools: configuration.pools(after: index)
        )
      )
    }
    self.stages = stages
    positionNeuron = configuration.neuron.makeNeuron()
    position = NormalizedConvolution(
      dim,
      dim,
      kernel: 3,
      padding: 1,
      initialization: .truncatedNormal(0.02),
      using: &generator
    )
  }

  func callAsFunction(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let f = stages.reduce(frames) { $1($0, in: pass) }
    return position(positionNeuron(f, in: pass), adding: f, in: pass)
  }
}
