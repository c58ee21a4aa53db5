/// Convolutions that turn frames into tokens, with a neuron before every one but the first.
final class SpikingformerTokenizer: Module {
  private let stages: [Stage]
  let isForImages: Bool

  final class Stage: Module {
    let neuron: (any SpikingNeuron)?
    let pool: MaxPool2D?
    let convolution: NormalizedConvolution

    init(neuron: (any SpikingNeuron)?, pools: Bool, convolution: NormalizedConvolution) {
      self.neuron = neuron
      pool = pools ? MaxPool2D(kernel: 3, stride: 2, padding: 1) : nil
      self.convolution = convolution
    }

    /// Fires at what the stage before left to be normalised, pools, and convolves.
    func convolve(
      _ x: Variable,
      after norm: BatchNorm?,
      in pass: ForwardPass
    ) -> (output: Variable, left: BatchNorm?) {
      let spikes = neuron.map { $0(x, after: norm, in: pass) } ?? x
      return convolution.convolve(pool.map { $0(spikes, in: pass) } ?? spikes, in: pass)
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

  /// Each normalisation is left to the neuron that follows it, which applies it on the fly.
  func callAsFunction(_ frames: Variable, in pass: ForwardPass) -> Variable {
    var x = frames
    var norm: BatchNorm?
    for stage in stages { (x, norm) = stage.convolve(x, after: norm, in: pass) }
    return norm.map { $0(x, in: pass) } ?? x
  }
}
