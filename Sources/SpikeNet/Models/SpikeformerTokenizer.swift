/// Spiking residual blocks that turn frames into maps of small integers: the sums of two spikes.
final class SpikeformerTokenizer: Module {
  private let stages: [ResidualBlock]

  /// The neurons' variances begin where one pass over zeros leaves them, as in the authors' code.
  private static let initialVariance: Float = 0.9

  init(
    _ configuration: Spikeformer.Configuration,
    channels: Int,
    using generator: inout SeededGenerator
  ) {
    var stages: [ResidualBlock] = []
    var inChannels = channels
    for index in 0..<configuration.stages * configuration.blocksPerStage {
      let (stage, position) = index.quotientAndRemainder(dividingBy: configuration.blocksPerStage)
      let outChannels = configuration.embedDim >> (configuration.stages - 1 - stage)
      stages.append(
        ResidualBlock(
          inChannels,
          outChannels,
          stride: position == 0 ? 2 : 1,
          configuration,
          using: &generator
        )
      )
      inChannels = outChannels
    }
    self.stages = stages
  }

  func callAsFunction(_ frames: Variable, in pass: ForwardPass) -> Variable {
    stages.reduce(frames) { $1($0, in: pass) }
  }

  private static func convolution(
    _ inChannels: Int,
    _ outChannels: Int,
    kernel: Int,
    stride: Int = 1,
    using generator: inout SeededGenerator
  ) -> NormalizedConvolution {
    NormalizedConvolution(
      inChannels,
      outChannels,
      kernel: kernel,
      stride: stride,
      padding: kernel / 2,
      initialization: .kaimingNormal(.input),
      initialVariance: initialVariance,
      using: &generator
    )
  }

  /// Two convolutions and a shortcut, whose spikes are added (Fang et al., "Deep residual learning
  /// in spiking neural networks", 2021).
  final class ResidualBlock: Module {
    private let first: NormalizedConvolution
    private let firstNeuron: any SpikingNeuron
    private let second: NormalizedConvolution
    private let secondNeuron: any SpikingNeuron
    private let shortcut: Shortcut?

    init(
      _ inChannels: Int,
      _ outChannels: Int,
      stride: Int,
      _ configuration: Spikeformer.Configuration,
      using generator: inout SeededGenerator
    ) {
      first = SpikeformerTokenizer.convolution(
        inChannels,
        outChannels,
        kernel: configuration.kernel,
        stride: stride,
        using: &generator
      )
      firstNeuron = configuration.neuron.makeNeuron()
      second = SpikeformerTokenizer.convolution(
        outChannels,
        outChannels,
        kernel: configuration.kernel,
        using: &generator
      )
      secondNeuron = configuration.neuron.makeNeuron()
      shortcut =
        stride > 1 || inChannels != outChannels
        ? Shortcut(
          pool: stride,
          convolution: SpikeformerTokenizer.convolution(
            inChannels,
            outChannels,
            kernel: 1,
            using: &generator
          ),
          neuron: configuration.neuron.makeNeuron()
        ) : nil
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let hidden = first(x, into: firstNeuron, in: pass)
      let residual = second(hidden, into: secondNeuron, in: pass)
      return pass.sum(residual, shortcut.map { $0(x, in: pass) } ?? x)
    }
  }

  /// A path for maps that change their size: means of pixels, a 1×1 convolution, a neuron.
  final class Shortcut: Module {
    private let pool: AveragePool2D
    private let convolution: NormalizedConvolution
    private let neuron: any SpikingNeuron

    init(pool: Int, convolution: NormalizedConvolution, neuron: any SpikingNeuron) {
      self.pool = AveragePool2D(kernel: pool)
      self.convolution = convolution
      self.neuron = neuron
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      convolution(pool(x, in: pass), into: neuron, in: pass)
    }
  }
}
