/// Spike-driven Transformer: attention by masks and additions, residuals of membrane potentials.
///
/// Yao et al., "Spike-driven transformer" (2023). With C = `embed_dim`:
///
/// | stage | output |
/// |---|---|
/// | frames | `[T, B, H, W, channels]` |
/// | 3 × (convolution, norm, neuron, max pool where asked for) to C/8, C/4, C/2 | |
/// | f = convolution to C, norm, max pool where asked for | `[T, B, h, w, C]` |
/// | x = norm(convolution(neuron f)) + f | the same |
/// | depth × (x += attention(x); x += MLP(x)) | the same |
/// | mean over pixels, neuron, linear; mean over time unless the loss is per step | logits |
public final class SpikeDrivenTransformer: Model {
  private let tokenizer: SpikeDrivenTokenizer
  private let blocks: [SpikeDrivenBlock]
  private let headNeuron: any SpikingNeuron
  private let head: Linear
  private let keepsSteps: Bool
  /// A mixing of the heads in every block.
  public let unusedParameters: [UnusedParameter]

  init(
    _ configuration: Configuration,
    input: ModelInput,
    using generator: inout SeededGenerator
  ) {
    tokenizer = SpikeDrivenTokenizer(configuration, channels: input.channels, using: &generator)
    blocks = (0..<configuration.depth).map { _ in
      SpikeDrivenBlock(configuration, using: &generator)
    }
    headNeuron = configuration.neuron.makeNeuron()
    head = Linear(configuration.embedDim, input.classes, using: &generator)
    keepsSteps = configuration.lossPerStep
    unusedParameters = (0..<configuration.depth).map { block in
      UnusedParameter(
        name: "block.\(block).attn.talking_heads.weight",
        shape: [configuration.heads, configuration.heads, 1]
      )
    }
  }

  /// Classifies `[T, B, H, W, C]`; at every step if the loss is taken per step.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    var x = tokenizer(frames, in: pass)
    for block in blocks { x = block(x, in: pass) }
    let steps = head(headNeuron(pass.mean(x, over: 2..<4), in: pass), in: pass)
    return keepsSteps ? steps : pass.mean(steps, over: 0..<1)
  }

  /// The name in the code that was published with the paper.
  public func originalName(of name: String) -> String { Self.names.translated(name) }

  private static let names = NameMap(
    (0..<4).flatMap { stage in
      let suffix = stage == 0 ? "" : String(stage)
      return [
        ("tokenizer.stages.\(stage).convolution.convolution", "patch_embed.proj_conv\(suffix)"),
        ("tokenizer.stages.\(stage).convolution.norm", "patch_embed.proj_bn\(suffix)"),
        ("tokenizer.stages.\(stage).neuron", "patch_embed.proj_lif\(suffix)"),
      ]
    } + QueryKeyValue.names(layer: "conv") + [
      ("tokenizer.positionNeuron", "patch_embed.proj_lif3"),
      ("tokenizer.position.convolution", "patch_embed.rpe_conv"),
      ("tokenizer.position.norm", "patch_embed.rpe_bn"),
      ("blocks", "block"),
      ("attention.neuron", "attn.shortcut_lif"),
      ("attention.attentionNeuron", "attn.talking_heads_lif"),
      ("attention.projection.convolution", "attn.proj_conv"),
      ("attention.projection.norm", "attn.proj_bn"),
      ("attention", "attn"),
      ("perceptron.inputNeuron", "mlp.fc1_lif"),
      ("perceptron.first.convolution", "mlp.fc1_conv"),
      ("perceptron.first.norm", "mlp.fc1_bn"),
      ("perceptron.hiddenNeuron", "mlp.fc2_lif"),
      ("perceptron.second.convolution", "mlp.fc2_conv"),
      ("perceptron.second.norm", "mlp.fc2_bn"),
      ("headNeuron", "head_lif"),
    ] + BatchNorm.names
  )
}

extension SpikeDrivenTransformer {
  /// Everything that defines a Spike-driven Transformer.
  public struct Configuration: ModelConfiguration {
    /// `sdt`.
    public static let modelName = "sdt"

    /// Channels C of the tokens; a multiple of 8.
    public var embedDim = 256
    /// The number of transformer blocks.
    public var depth = 2
    /// The number of attention heads; matters only where maps are dilated.
    public var heads = 8
    /// Hidden channels of a perceptron, in units of C.
    public var mlpRatio = 4
    /// Which of the four convolutions of the tokenizer a pooling follows, such as `0111`.
    public var poolingStat = "0111"
    /// Whether keys, values and attention are dilated by 3×3 maxima, as for CIFAR10-DVS.
    public var erode = false
    /// Whether the loss is taken at every step, as TET does.
    public var lossPerStep = false
    /// The threshold of the neuron in the attention.
    public var attentionThreshold: Float = 0.5
    /// The neuron everywhere.
    public var neuron = NeuronConfiguration(tau: 2)

    /// The published network for DVS128 Gesture.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case depth, heads, erode, neuron
      case embedDim = "embed_dim"
      case mlpRatio = "mlp_ratio"
      case poolingStat = "pooling_stat"
      case lossPerStep = "loss_per_step"
      case attentionThreshold = "attention_threshold"
    }

    /// Whether the convolution at an index is followed by a pooling.
    func pools(after index: Int) -> Bool { Array(poolingStat)[index] == "1" }

    /// Builds the model; refuses sizes that do not divide.
    public func makeModel(
      for input: ModelInput,
      using generator: inout SeededGenerator
    ) throws -> any Model {
      try neuron.validateSpikes()
      try TransformerSizes(
        embedDim: embedDim,
        depth: depth,
        heads: heads,
        mlpRatio: mlpRatio,
        tau: neuron.tau
      ).validate(widestHead: embedDim)
      guard poolingStat.count == 4, poolingStat.allSatisfy({ "01".contains($0) }) else {
        throw SpikeNetError(
          .configuration,
          "model.pooling_stat = \(poolingStat): expected four digits 0 or 1, such as 0111"
        )
      }
      return SpikeDrivenTransformer(self, input: input, using: &generator)
    }
  }
}
