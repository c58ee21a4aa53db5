/// Spikformer: a transformer of spiking neurons whose residuals add spikes.
///
/// Zhou et al., "Spikformer: when spiking neural network meets transformer" (2023). With
/// C = `embed_dim` and the event tokenizer:
///
/// | stage | output |
/// |---|---|
/// | frames | `[T, B, H, W, channels]` |
/// | 4 × (convolution, norm, neuron, max pool) to C/8, C/4, C/2, C | `[T, B, H/16, W/16, C]` |
/// | x += neuron(norm(convolution x)), the position code | the same |
/// | depth × (x += attention(x); x += MLP(x)) | the same, small integers |
/// | mean over pixels and time, linear | `[B, classes]` |
public final class Spikformer: Model {
  private let tokenizer: SpikformerTokenizer
  private let blocks: [SpikformerBlock]
  private let head: Linear
  private let names: NameMap
  /// Two normalisations in every block; for events a position code and a normalisation besides.
  public let unusedParameters: [UnusedParameter]

  init(
    _ configuration: Configuration,
    input: ModelInput,
    using generator: inout SeededGenerator
  ) {
    tokenizer = SpikformerTokenizer(configuration, channels: input.channels, using: &generator)
    blocks = (0..<configuration.depth).map { _ in
      SpikformerBlock(configuration, using: &generator)
    }
    head = Linear(
      configuration.embedDim,
      input.classes,
      initialization: .truncatedNormal(0.02),
      using: &generator
    )
    unusedParameters = Self.unusedParameters(of: configuration, input)
    names = Self.names(layer: configuration.variant == .cifar ? "linear" : "conv")
  }

  /// Classifies `[T, B, H, W, C]`.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    var x = tokenizer(frames, in: pass)
    for block in blocks { x = block(x, in: pass) }
    return head(pass.mean(pass.mean(x, over: 2..<4), over: 0..<1), in: pass)
  }

  /// The name in the code that was published with the paper.
  public func originalName(of name: String) -> String { names.translated(name) }

  private static func unusedParameters(
    of configuration: Configuration,
    _ input: ModelInput
  ) -> [UnusedParameter] {
    let dim = configuration.embedDim
    let inBlocks = UnusedParameter.blockNorms(configuration.depth, dim)
    guard configuration.variant == .events else { return inBlocks }
    // Their position code counts patches of 16 × 16 pixels.
    let tokens = (input.height / 16) * (input.width / 16)
    return [UnusedParameter(name: "pos_embed", shape: [1, tokens, dim])] + inBlocks
      + UnusedParameter.norm("norm", dim)
  }

  private static func names(layer: String) -> NameMap {
    NameMap(
      (0..<4).flatMap { stage in
        let suffix = stage == 0 ? "" : String(stage)
        return [
          ("tokenizer.stages.\(stage).convolution.convolution", "patch_embed.proj_conv\(suffix)"),
          ("tokenizer.stages.\(stage).convolution.norm", "patch_embed.proj_bn\(suffix)"),
          ("tokenizer.stages.\(stage).neuron", "patch_embed.proj_lif\(suffix)"),
        ]
      } + QueryKeyValue.names(layer: layer) + [
        ("tokenizer.position.convolution", "patch_embed.rpe_conv"),
        ("tokenizer.position.norm", "patch_embed.rpe_bn"),
        ("tokenizer.positionNeuron", "patch_embed.rpe_lif"),
        ("blocks", "block"),
        ("attention.attentionNeuron", "attn.attn_lif"),
        ("attention.projection.convolution", "attn.proj_\(layer)"),
        ("attention.projection.norm", "attn.proj_bn"),
        ("attention.projectionNeuron", "attn.proj_lif"),
        ("attention", "attn"),
        ("perceptron.first.convolution", "mlp.fc1_\(layer)"),
        ("perceptron.first.norm", "mlp.fc1_bn"),
        ("perceptron.firstNeuron", "mlp.fc1_lif"),
        ("perceptron.second.convolution", "mlp.fc2_\(layer)"),
        ("perceptron.second.norm", "mlp.fc2_bn"),
        ("perceptron.secondNeuron", "mlp.fc2_lif"),
      ] + BatchNorm.names
    )
  }
}

extension Spikformer {
  /// Which of the authors' three programs the layers follow.
  public enum Variant: String, ConfigurationChoice {
    /// For event frames: four poolings.
    case events
    /// For small images: two poolings, and projections with biases.
    case cifar
    /// For large images: four poolings.
    case imagenet
  }

  /// Everything that defines a Spikformer.
  public struct Configuration: ModelConfiguration {
    /// `spikformer`.
    public static let modelName = "spikformer"

    /// Channels C of the tokens; a multiple of 8.
    public var embedDim = 256
    /// The number of transformer blocks.
    public var depth = 2
    /// The number of attention heads; nil gives heads of 16 channels.
    public var heads: Int?
    /// Hidden channels of a perceptron, in units of C.
    public var mlpRatio = 4
    /// The factor behind q·kᵀ·v; nil is 0.25 for events, else 0.125.
    public var attentionScale: Float?
    /// The threshold of the neuron behind the attention.
    public var attentionThreshold: Float = 0.5
    /// Which program the layers follow.
    public var variant = Variant.events
    /// The neuron everywhere.
    public var neuron = NeuronConfiguration(tau: 2)

    /// The published spikformer-2-256 for event cameras.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case depth, heads, variant, neuron
      case embedDim = "embed_dim"
      case mlpRatio = "mlp_ratio"
      case attentionScale = "attention_scale"
      case attentionThreshold = "attention_threshold"
    }

    var headCount: Int { heads ?? max(embedDim / 16, 1) }
    var scale: Float { attentionScale ?? (variant == .events ? 0.25 : 0.125) }

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
      return Spikformer(self, input: input, using: &generator)
    }
  }
}
