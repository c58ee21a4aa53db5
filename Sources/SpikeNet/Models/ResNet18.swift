/// ResNet-18 with the stem for small images: the network without spikes to compare with.
///
/// He et al., "Deep residual learning for image recognition" (2016). With W = `width`:
///
/// | stage | output |
/// |---|---|
/// | frames, or their mean | `[T′, B, H, W, channels]` |
/// | 3×3 convolution, norm, rectifier | `[T′, B, H, W, W]` |
/// | 4 × two residual blocks; the last three halve the map and double the channels | `H/8, 8·W` |
/// | mean over pixels, linear, mean over T′ | `[B, classes]` |
public final class ResNet18: Model {
  private let stem: NormalizedConvolution
  private let stages: [[ResidualBlock]]
  private let head: Linear
  private let use: FrameUse

  init(
    _ configuration: Configuration,
    input: ModelInput,
    using generator: inout SeededGenerator
  ) {
    stem = Self.convolution(input.channels, configuration.width, kernel: 3, using: &generator)
    var stages: [[ResidualBlock]] = []
    var channels = configuration.width
    for stage in 0..<4 {
      let width = configuration.width << stage
      stages.append([
        ResidualBlock(channels, width, stride: stage == 0 ? 1 : 2, using: &generator),
        ResidualBlock(width, width, stride: 1, using: &generator),
      ])
      channels = width
    }
    self.stages = stages
    head = Linear(channels, input.classes, using: &generator)
    use = configuration.frames
  }

  /// Classifies `[T, B, H, W, C]`.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let images = use.frames(frames, in: pass)
    let first = pass.rectified(stem(images, in: pass))
    let maps = stages.joined().reduce(first) { $1($0, in: pass) }
    return use.logits(head(pass.mean(maps, over: 2..<4), in: pass), in: pass)
  }

  /// The name in torchvision.
  public func originalName(of name: String) -> String { Self.names.translated(name) }

  private static let names = NameMap(
    (0..<4).map { ("stages.\($0)", "layer\($0 + 1)") } + [
      ("stem.convolution", "conv1"), ("stem.norm", "bn1"),
      ("first.convolution", "conv1"), ("first.norm", "bn1"),
      ("second.convolution", "conv2"), ("second.norm", "bn2"),
      ("shortcut.convolution", "downsample.0"), ("shortcut.norm", "downsample.1"),
      ("head", "fc"),
    ] + BatchNorm.names
  )

  /// Two convolutions around a shortcut.
  final class ResidualBlock: Module {
    private let first: NormalizedConvolution
    private let second: NormalizedConvolution
    private let shortcut: NormalizedConvolution?

    init(
      _ inChannels: Int,
      _ outChannels: Int,
      stride: Int,
      using generator: inout SeededGenerator
    ) {
      first = ResNet18.convolution(
        inChannels,
        outChannels,
        kernel: 3,
        stride: stride,
        using: &generator
      )
      second = ResNet18.convolution(outChannels, outChannels, kernel: 3, using: &generator)
      shortcut =
        stride > 1 || inChannels != outChannels
        ? ResNet18.convolution(
          inChannels,
          outChannels,
          kernel: 1,
          stride: stride,
          using: &generator
        ) : nil
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let hidden = pass.rectified(first(x, in: pass))
      let kept = shortcut.map { $0(x, in: pass) } ?? x
      return pass.rectified(second(hidden, adding: kept, in: pass))
    }
  }

  /// A convolution and its norm, as torchvision begins them.
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
      initialization: .kaimingNormal(.output),
      using: &generator
    )
  }
}

extension ResNet18 {
  /// Everything that defines a ResNet-18.
  public struct Configuration: ModelConfiguration {
    /// `resnet18`.
    public static let modelName = "resnet18"

    /// Channels of the first stage.
    public var width = 64
    /// What becomes of the frames of a sample.
    public var frames = FrameUse.average

    /// The network of the paper.
    public init() {}

    /// Builds the network; refuses widths that no computer holds.
    public func makeModel(
      for input: ModelInput,
      using generator: inout SeededGenerator
    ) throws -> any Model {
      guard (1...512).contains(width) else {
        throw SpikeNetError(.configuration, "model.width = \(width): expected 1 to 512")
      }
      return ResNet18(self, input: input, using: &generator)
    }
  }
}
