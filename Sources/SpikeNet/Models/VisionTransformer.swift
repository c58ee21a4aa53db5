/// Vision Transformer: attention of real numbers among patches, without spikes, to compare with.
///
/// Dosovitskiy et al., "An image is worth 16x16 words" (2021), as timm builds it. With
/// C = `embed_dim`, P = `patch`:
///
/// | stage | output |
/// |---|---|
/// | frames, or their mean | `[T′, B, H, W, channels]` |
/// | P×P convolution with stride P, class token, positions | `[T′, B, N + 1, C]` |
/// | depth × (x += attention(norm x); x += MLP(norm x)) | the same |
/// | norm, class token, linear, mean over T′ | `[B, classes]` |
public final class VisionTransformer: Model {
  private let projection: Conv2D
  private let classToken: Parameter
  private let positions: Parameter
  private let blocks: [Block]
  private let norm: LayerNorm
  private let head: Linear
  private let use: FrameUse

  init(
    _ configuration: Configuration,
    input: ModelInput,
    using generator: inout SeededGenerator
  ) {
    let (dim, patch) = (configuration.embedDim, configuration.patch(for: input))
    projection = Conv2D(
      input.channels,
      dim,
      kernel: patch,
      stride: patch,
      hasBias: true,
      isNormalized: false,
      using: &generator
    )
    classToken = Parameter(.normal([1, 1, dim], standardDeviation: 1e-6, using: &generator))
    let tokens = (input.height / patch) * (input.width / patch)
    positions = WeightInitialization.truncatedNormal(0.02)
      .parameter([1, tokens + 1, dim], fanIn: tokens, using: &generator)
    blocks = (0..<configuration.depth).map { index in
      Block(configuration, index: index, using: &generator)
    }
    norm = LayerNorm(dim)
    head = Linear(dim, input.classes, initialization: .truncatedNormal(0.02), using: &generator)
    use = configuration.frames
  }

  /// Classifies `[T, B, H, W, C]`.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let maps = projection(use.frames(frames, in: pass), in: pass)
    let shape = maps.shape
    let patches = pass.reshaped(maps, to: [shape[0], shape[1], shape[2] * shape[3], shape[4]])
    let tokens = pass.prepending(pass.variable(classToken), to: patches)
    var x = pass.sum(tokens, repeating: pass.variable(positions), over: 0..<2)
    for block in blocks { x = block(x, in: pass) }
    let first = pass.firstToken(of: norm(x, in: pass))
    return use.logits(head(first, in: pass), in: pass)
  }

  /// The name in timm.
  public func originalName(of name: String) -> String {
    name.hasPrefix("projection.")
      ? "patch_embed.proj" + name.dropFirst("projection".count)
      : Self.names.translated(name)
  }

  private static let names = NameMap(
    [
      ("classToken", "cls_token"), ("positions", "pos_embed"),
      ("attentionNorm", "norm1"), ("attention", "attn"), ("perceptronNorm", "norm2"),
      ("first", "mlp.fc1"), ("second", "mlp.fc2"),
    ] + SoftmaxSelfAttention.names
  )

  /// Attention and perceptron, each behind a norm.
  final class Block: Module {
    private let attentionNorm: LayerNorm
    private let attention: SoftmaxSelfAttention
    private let perceptronNorm: LayerNorm
    private let first: Linear
    private let second: Linear
    private let dropRate: Float

    init(
      _ configuration: Configuration,
      index: Int,
      using generator: inout SeededGenerator
    ) {
      let dim = configuration.embedDim
      let hidden = dim * configuration.mlpRatio
      attentionNorm = LayerNorm(dim)
      attention = SoftmaxSelfAttention(
        dim,
        heads: configuration.heads,
        over: .tokens,
        hasBias: true,
        using: &generator
      )
      perceptronNorm = LayerNorm(dim)
      first = Linear(dim, hidden, initialization: .truncatedNormal(0.02), using: &generator)
      second = Linear(hidden, dim, initialization: .truncatedNormal(0.02), using: &generator)
      dropRate =
        configuration.depth > 1
        ? configuration.dropPath * Float(index) / Float(configuration.depth - 1) : 0
    }

    func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
      let attended = attention(attentionNorm(x, in: pass), in: pass)
      let x = pass.sum(x, pass.droppingPaths(attended, rate: dropRate, groups: 0..<2))
      let hidden = pass.gelu(first(perceptronNorm(x, in: pass), in: pass))
      let y = second(hidden, in: pass)
      return pass.sum(x, pass.droppingPaths(y, rate: dropRate, groups: 0..<2))
    }
  }
}

extension VisionTransformer {
  /// Everything that defines a Vision Transformer.
  public struct Configuration: ModelConfiguration {
    /// `vit`.
    public static let modelName = "vit"

    /// Channels C of the tokens.
    public var embedDim = 192
    /// The number of transformer blocks.
    public var depth = 6
    /// The number of attention heads.
    public var heads = 3
    /// Hidden channels of a perceptron, in units of C.
    public var mlpRatio = 4
    /// The side of a patch in pixels; nil gives 8 × 8 patches.
    public var patchSize: Int?
    /// The share of paths that training drops in the last block; grows from 0 in the first.
    public var dropPath: Float = 0
    /// What becomes of the frames of a sample.
    public var frames = FrameUse.average

    /// A small network for small images.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case depth, heads, frames
      case embedDim = "embed_dim"
      case mlpRatio = "mlp_ratio"
      case patchSize = "patch_size"
      case dropPath = "drop_path"
    }

    /// The side of a patch in pixels.
    func patch(for input: ModelInput) -> Int { patchSize ?? max(input.height / 8, 1) }

    /// Builds the network; refuses sizes that do not divide.
    public func makeModel(
      for input: ModelInput,
      using generator: inout SeededGenerator
    ) throws -> any Model {
      try TransformerSizes(
        embedDim: embedDim,
        depth: depth,
        heads: heads,
        mlpRatio: mlpRatio,
        tau: 2
      ).validate(widestHead: embedDim)
      let patch = patch(for: input)
      guard patch > 0, input.height % patch == 0, input.width % patch == 0, input.height > 0,
        input.width > 0
      else {
        throw SpikeNetError(
          .configuration,
          "model.patch_size = \(patch) does not cut \(input.height)x\(input.width) frames into whole "
            + "patches"
        )
      }
      try TransformerSizes.validate(tokens: (input.height / patch) * (input.width / patch))
      guard (0..<1).contains(dropPath) else {
        throw SpikeNetError(.configuration, "model.drop_path = \(dropPath): expected 0 to below 1")
      }
      return VisionTransformer(self, input: input, using: &generator)
    }
  }
}
