/// The sizes that all spiking transformers have in common.
struct TransformerSizes {
  let embedDim: Int
  let depth: Int
  let heads: Int
  let mlpRatio: Int
  let tau: Float

  /// More weights than this are a mistake, or a file that means harm.
  static let weightLimit = 1 << 28

  /// Scores of more tokens than this would fill the memory.
  private static let tokenLimit = 1 << 13

  /// Refuses more tokens than can attend to one another, whose scores are all held at once.
  static func validate(tokens: Int) throws(SpikeNetError) {
    guard tokens <= tokenLimit else {
      throw SpikeNetError(
        .configuration,
        "the model cuts a frame into \(tokens) tokens, expected at most \(tokenLimit); use larger "
          + "patches, more stages or smaller frames"
      )
    }
  }

  /// Refuses sizes that do not divide, with the configuration keys.
  ///
  /// - Parameter widestHead: The most channels that a head may have; attention between packed
  ///   spikes takes 64.
  func validate(widestHead: Int = 64) throws(SpikeNetError) {
    guard embedDim > 0, embedDim % 8 == 0 else {
      throw SpikeNetError(
        .configuration,
        "model.embed_dim = \(embedDim) is not a positive multiple of 8"
      )
    }
    guard heads > 0, embedDim % heads == 0, embedDim / heads <= widestHead else {
      throw SpikeNetError(
        .configuration,
        "model.heads = \(heads) does not cut model.embed_dim = \(embedDim) into equal heads of at "
          + "most \(widestHead) channels"
      )
    }
    // In floating point, where no product of these numbers overflows.
    let weights =
      Double(max(depth, 1)) * Double(embedDim) * Double(embedDim)
      * (4 + 2 * Double(max(mlpRatio, 1)))
    guard weights <= Double(Self.weightLimit), depth <= 1 << 10 else {
      throw SpikeNetError(
        .configuration,
        "model.embed_dim = \(embedDim), model.depth = \(depth), model.mlp_ratio = \(mlpRatio) make "
          + "more than \(Self.weightLimit) weights or 1024 blocks"
      )
    }
    guard depth >= 0, mlpRatio > 0, tau > 1 else {
      throw SpikeNetError(
        .configuration,
        "model.depth = \(depth), model.mlp_ratio = \(mlpRatio), model.neuron.tau = \(tau): "
          + "expected at least 0, at least 1 and more than 1"
      )
    }
  }
}
