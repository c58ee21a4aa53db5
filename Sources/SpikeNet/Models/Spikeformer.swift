/// Spikeformer: spiking convolutions, then attention of real numbers over time and over space.
///
/// Li et al., "Spikeformer: training high-performance spiking neural network with transformer"
/// (2022). With C = `embed_dim` and S = `stages`:
///
/// | stage | output |
/// |---|---|
/// | frames | `[T, B, H, W, channels]` |
/// | S × residual blocks of two convolutions, norms, neurons | `[T, B, H/2ˢ, W/2ˢ, C]` |
/// | + positions, + times | `[T, B, N, C]` |
/// | depth × (x += attention over time; x += attention over tokens; x += MLP(x)) | the same |
/// | layer norm, mean over all tokens and steps by learned weights, linear | `[B, classes]` |
public final class Spikeformer: Model {
  private let tokenizer: SpikeformerTokenizer
  private let positions: Parameter
  private let times: Parameter
  private let blocks: [SpikeformerBlock]
  private let finalNorm: LayerNorm
  private let pooling: Linear
  private let head: Linear

  init(
    _ configuration: Configuration,
    input: ModelInput,
    using generator: inout SeededGenerator
  ) {
    let dim = configuration.embedDim
    tokenizer = SpikeformerTokenizer(configuration, channels: input.channels, using: &generator)
    let tokens = (input.height >> configuration.stages) * (input.width >> configuration.stages)
    positions = WeightInitialization.truncatedNormal(0.02)
      .parameter([1, tokens, dim], fanIn: tokens, using: &generator)
    times = Parameter(.zeros([1, input.steps, dim]))
    blocks = (0..<configuration.depth).map { index in
      SpikeformerBlock(configuration, index: index, using: &generator)
    }
    finalNorm = LayerNorm(dim)
    pooling = Linear(dim, 1, initialization: .truncatedNormal(0.02), using: &generator)
    head = Linear(dim, input.classes, initialization: .truncatedNormal(0.02), using: &generator)
  }

  /// Classifies `[T, B, H, W, C]`.
  public func logits(_ frames: Variable, in pass: ForwardPass) -> Variable {
    let maps = tokenizer(frames, in: pass)
    let shape = maps.shape
    let tokens = pass.reshaped(maps, to: [shape[0], shape[1], shape[2] * shape[3], shape[4]])
    var x = pass.sum(tokens, repeating: pass.variable(positions), over: 0..<2)
    x = pass.sum(x, repeating: timeCode(steps: shape[0], in: pass), over: 1..<3)
    for block in blocks { x = block(x, in: pass) }
    x = finalNorm(x, in: pass)
    return head(pass.pooledTokens(x, by: pooling(x, in: pass)), in: pass)
  }

  /// What is added at each step; fewer or more steps than the model's take the nearest in time.
  private func timeCode(steps: Int, in pass: ForwardPass) -> Variable {
    let code = pass.variable(times)
    let own = times.shape[1]
    guard steps != own else { return code }
    return pass.rows(of: code, at: (0..<steps).map { $0 * own / steps })
  }

  /// The name in the code that was published with the paper.
  public func originalName(of name: String) -> String { "model." + Self.names.translated(name) }

  private static let names = NameMap(
    [
      ("tokenizer.stages", "patch_embed.conv_layers"),
      ("perceptron.first", "mlp.mlp.0.0"),
      ("perceptron.neuron", "mlp.mlp.1"),
      ("perceptron.second", "mlp.mlp.2.0"),
      ("first.convolution", "residual_function.0.0.0"),
      ("first.norm", "residual_function.0.0.1"),
      ("firstNeuron", "residual_function.0.1"),
      ("second.convolution", "residual_function.1.0.0"),
      ("second.norm", "residual_function.1.0.1"),
      ("secondNeuron", "residual_function.1.1"),
      ("shortcut.convolution.convolution", "shortcut.1.0.0"),
      ("shortcut.convolution.norm", "shortcut.1.0.1"),
      ("shortcut.neuron", "shortcut.1.1"),
      ("temporalNorm", "temporal_norm1"),
      ("temporalAttention", "temporal_attn"),
      ("temporalLinear", "temporal_fc"),
      ("attentionNorm", "norm1"),
      ("attention", "attn"),
      ("perceptronNorm", "norm2"),
      ("finalNorm", "norm"),
      ("pooling", "attention_pool"),
      ("positions", "pos_embed"),
      ("times", "time_embed"),
    ] + SoftmaxSelfAttention.names + BatchNorm.names
  )
}

extension Spikeformer {
  /// Everything that defines a Spikeformer.
  public struct Configuration: ModelConfiguration {
    /// `spikeformer`.
    public static let modelName = "spikeformer"

    /// Channels C of the tokens.
    public var embedDim = 256
    /// The number of transformer blocks.
    public var depth = 7
    /// The number of attention heads.
    public var heads = 4
    /// Hidden channels of a perceptron, in units of C.
    public var mlpRatio = 2
    /// The side of the tokenizer's windows; odd.
    public var kernel = 5
    /// How often the tokenizer halves the maps; each time it doubles their channels, up to C.
    public var stages = 3
    /// Residual blocks for each halving.
    public var blocksPerStage = 1
    /// The share of paths that training drops in the last block; grows from 0 in the first.
    public var dropPath: Float = 0.1
    /// The neuron everywhere.
    public var neuron: NeuronConfiguration

    /// The published network for DVS128 Gesture.
    public init() {
      neuron = NeuronConfiguration(tau: 2)
      neuron.kind = .parametricLeaky
    }

    enum CodingKeys: String, CodingKey {
      case depth, heads, kernel, stages, neuron
      case embedDim = "embed_dim"
      case mlpRatio = "mlp_ratio"
      case blocksPerStage = "blocks_per_stage"
      case dropPath = "drop_path"
    }

    /// The share of paths that a block drops.
    func dropRate(ofBlock index: Int) -> Float {
      depth > 1 ? dropPath * Float(index) / Float(depth - 1) : 0
    }

    /// Builds the model; refuses sizes that do not divide.
    public func makeModel(
      for input: ModelInput,
      using generator: inout SeededGenerator
    ) throws -> any Model {
      try neuron.validate()
      try TransformerSizes(
        embedDim: embedDim,
        depth: depth,
        heads: heads,
        mlpRatio: mlpRatio,
        tau: neuron.tau
      ).validate(widestHead: embedDim)
      try validateTokenizer(input)
      return Spikeformer(self, input: input, using: &generator)
    }

    private func validateTokenizer(_ input: ModelInput) throws(SpikeNetError) {
      guard kernel % 2 == 1, (1...15).contains(kernel), (1...6).contains(stages),
        (1...16).contains(blocksPerStage), embedDim % (1 << (stages - 1)) == 0
      else {
        throw SpikeNetError(
          .configuration,
          "model.kernel = \(kernel), model.stages = \(stages), model.blocks_per_stage = "
            + "\(blocksPerStage): expected an odd kernel up to 15, 1 to 6 stages of 1 to 16 blocks, "
            + "and model.embed_dim = \(embedDim) divisible by 2 for every stage but one"
        )
      }
      guard (0..<1).contains(dropPath) else {
        throw SpikeNetError(.configuration, "model.drop_path = \(dropPath): expected 0 to below 1")
      }
      let side = 1 << stages
      guard input.height % side == 0, input.width % side == 0, input.height > 0, input.width > 0
      else {
        throw SpikeNetError(
          .configuration,
          "model.stages = \(stages): frames of \(input.height)x\(input.width) cannot be halved so "
            + "often; expected sides divisible by \(side)"
        )
      }
      try TransformerSizes.validate(tokens: (input.height / side) * (input.width / side))
    }
  }
}
