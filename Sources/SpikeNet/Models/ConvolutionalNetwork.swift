/// A convolutional network without spikes, to compare with, from an architecture string such as
/// `32C3-MP2-64C3-MP2-FC128-FC10`.
///
/// A rectifier follows every convolution and every linear layer but the last; convolutions see half
/// a window beyond the edges, so that a kernel of 3 keeps the size of its map.
public final class ConvolutionalNetwork: Model {
  private let stages: [Stage]
  private let linears: [Linear]
  private let use: FrameUse

  final class Stage: Module {
    let convolution: Conv2D
    let pools: [MaxPool2D]

    init(convolution: Conv2D, pools: [MaxPool2D]) {
      self.convolution = convolution
      self.pools = pools
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      pools.reduce(pass.rectified(convolution(x, in: pass))) { $1($0, in: pass) }
    }
  }

  init(stages: [Stage], linears: [Linear], use: FrameUse) {
    self.stages = stages
    self.linears = linears
    self.use = use
  }

  /// Classifies `[T, B, H, W, C]`.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let maps = stages.reduce(use.frames(frames, in: pass)) { $1($0, in: pass) }
    let shape = maps.shape
    var x = pass.reshaped(maps, to: [shape[0], shape[1], shape.count / shape[0] / shape[1]])
    for (index, linear) in linears.enumerated() {
      x = linear(index == 0 ? x : pass.rectified(x), in: pass)
    }
    return use.logits(x, in: pass)
  }

  /// The name in a `torch.nn.Sequential` of all layers, rectifiers and flattening included.
  public func originalName(of name: String) -> String {
    var parts = name.split(separator: ".").map(String.init)
    guard parts.count >= 2, let index = Int(parts[1]) else { return name }
    let isStage = parts[0] == "stages"
    var position = stages.prefix(isStage ? index : stages.count).reduce(0) {
      $0 + 2 + $1.pools.count
    }
    if !isStage { position += 1 + 2 * index }
    parts.replaceSubrange(0..<(isStage ? min(3, parts.count) : 2), with: [String(position)])
    return parts.joined(separator: ".")
  }
}

extension ConvolutionalNetwork {
  /// Everything that defines a convolutional network.
  public struct Configuration: ModelConfiguration {
    /// `cnn`.
    public static let modelName = "cnn"

    /// Layers, separated by `-`: `NCk` N channels with a kernel of k, `MPk`, `FCn`; the last layer
    /// is `FC`, whose number is that of the classes.
    public var architecture = "32C3-MP2-64C3-MP2-FC128-FC10"
    /// What becomes of the frames of a sample.
    public var frames = FrameUse.average

    /// A small network for small images.
    public init() {}

    /// Builds the network; refuses strings that it cannot read and windows that do not fit.
    public func makeModel(
      for input: ModelInput,
      using generator: inout SeededGenerator
    ) throws -> any Model {
      let layers = try LayerString(architecture)
      let plan = try LayerPlan(layers, for: input, isPadded: true)
      let stages = zip(layers.stages, plan.inputs).map { stage, size in
        Stage(
          convolution: Conv2D(
            size.channels,
            stage.channels,
            kernel: stage.kernel,
            padding: stage.kernel / 2,
            hasBias: true,
            isNormalized: false,
            using: &generator
          ),
          pools: stage.pools.map { MaxPool2D(kernel: $0, stride: $0) }
        )
      }
      return ConvolutionalNetwork(
        stages: stages,
        linears: plan.linears(using: &generator),
        use: frames
      )
    }
  }
}
