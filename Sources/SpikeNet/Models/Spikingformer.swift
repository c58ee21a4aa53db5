/// Spikingformer: a spiking transformer whose residuals add membrane potentials.
///
/// Zhou et al., "Spikingformer: spike-driven residual learning for transformer-based spiking neural
/// networks" (2023). Neurons stand before convolutions, so every product is with spikes, except in
/// the first convolution and the head. With C = `embed_dim` and the event tokenizer:
///
/// | stage | output |
/// |---|---|
/// | frames | `[T, B, H, W, channels]` |
/// | convolution, norm | `[T, B, H, W, C/8]` |
/// | 4 × (neuron, max pool, convolution, norm) | `[T, B, H/16, W/16, C]` |
/// | depth × (x += attention(x); x += MLP(x)) | the same |
/// | mean over pixels and time, linear | `[B, classes]` |
public final class Spikingformer: Model {
  private let tokenizer: SpikingformerTokenizer
  private let blocks: [SpikingformerBlock]
  private let head: Linear
  /// Two normalisations in every block.
  public let unusedParameters: [UnusedParameter]

  init(
    _ configuration: Configuration,
    input: ModelInput,
    using generator: inout SeededGenerator
  ) {
    tokenizer = SpikingformerTokenizer(configuration, channels: input.channels, using: &generator)
    // Colour images through the tokenizer for events: the authors' program for ImageNet.
    let isForImageNet = configuration.tokenizer == .events && input.channels == 3
    blocks = (0..<configuration.depth).map { _ in
      SpikingformerBlock(
        configuration,
        form: isForImageNet ? .valuesFirst : .queriesFirst,
        using: &generator
      )
    }
    unusedParameters = UnusedParameter.blockNorms(configuration.depth, configuration.embedDim)
    head = Linear(
      configuration.embedDim,
      input.classes,
      initialization: .truncatedNormal(0.02),
      using: &generator
    )
  }

  /// Classifies `[T, B, H, W, C]`.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    var x = tokenizer(frames, in: pass)
    for block in blocks { x = block(x, in: pass) }
    return head(pass.mean(pass.mean(x, over: 2..<4), over: 0..<1), in: pass)
  }

  /// The name in the code that was published with the paper.
  public func originalName(of name: String) -> String {
    let names = Self.names.translated(name)
    return tokenizer.isForImages
      ? names
      : names.replacing("patch_embed.block0_", with: "patch_embed.proj_")
        .replacing("patch_embed.block", with: "patch_embed.proj")
  }

  private static let names = NameMap(
    (0..<5).flatMap { stage in
      [
        ("tokenizer.stages.\(stage).convolution.convolution", "patch_embed.block\(stage)_conv"),
        ("tokenizer.stages.\(stage).convolution.norm", "patch_embed.block\(stage)_bn"),
        ("tokenizer.stages.\(stage).neuron", "patch_embed.block\(stage)_lif"),
      ]
    } + QueryKeyValue.names(layer: "conv") + [
      ("blocks", "block"),
      ("attention.neuron", "attn.proj_lif"),
      ("attention.attentionNeuron", "attn.attn_lif"),
      ("attention.projection.convolution", "attn.proj_conv"),
      ("attention.projection.norm", "attn.proj_bn"),
      ("attention", "attn"),
      ("perceptron.inputNeuron", "mlp.mlp1_lif"),
      ("perceptron.first.convolution", "mlp.mlp1_conv"),
      ("perceptron.first.norm", "mlp.mlp1_bn"),
      ("perceptron.hiddenNeuron", "mlp.mlp2_lif"),
      ("perceptron.second.convolution", "mlp.mlp2_conv"),
      ("perceptron.second.norm", "mlp.mlp2_bn"),
    ] + BatchNorm.names
  )
}

extension Spikingformer {
  /// How frames become tokens.
  public enum TokenizerKind: String, ConfigurationChoice {
    /// For event frames and large images: four poolings, H/16 × W/16 tokens.
    case events
    /// For small images: two poolings, H/4 × W/4 tokens.
    case images
  }

  /// Everything that defines a Spikingformer.
  public struct Configuration: ModelConfiguration {
    /// `spikingformer`.
    public static let modelName = "spikingformer"

    /// Channels C of the tokens; a multiple of 8.
    public var embedDim = 256
    /// The number of transformer blocks.
    public var depth = 2
    /// The number of attention heads; nil gives heads of 16 channels.
    public var heads: Int?
    /// Hidden channels of a perceptron, in units of C.
    public var mlpRatio = 4
    /// The factor behind q·kᵀ·v.
    public var attentionScale: Float = 0.125
    /// The threshold of the neuron behind the attention.
    public var attentionThreshold: Float = 0.5
    /// How frames become tokens.
    public var tokenizer = TokenizerKind.events
    /// The neuron everywhere.
    public var neuron = NeuronConfiguration(tau: 1.5)

    /// The published spikingformer-2-256 for event cameras.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case depth, heads, tokenizer, neuron
      case embedDim = "embed_dim"
      case mlpRatio = "mlp_ratio"
      case attentionScale = "attention_scale"
      case attentionThreshold = "attention_threshold"
    }

    var headCount: Int { heads ?? max(embedDim / 16, 1) }

    /// Builds the model; refuses sizes that do not divide.
    public func makeModel(
      for input: ModelInput,
      using generator: inout SeededGenerator
    ) throws -> any Model {
      try neuron.validateSpikes()
      try TransformerSizes(
        embedDim: embedDim,
        depth: depth,
        heads: headCount,
        mlpRatio: mlpRatio,
        tau: neuron.tau
      ).validate()
      return Spikingformer(self, input: input, using: &generator)
    }
  }
}
