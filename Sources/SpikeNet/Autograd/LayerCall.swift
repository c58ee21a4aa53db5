/// A layer at work: who computes, on what, and of which size.
public struct LayerCall {
  /// What kind of work a layer does.
  public enum Kind: Hashable, Sendable {
    /// Windows of a side, slid over maps.
    case convolution(kernel: Int, stride: Int)
    /// A matrix on the last dimension.
    case linear
    /// Queries, keys and values that meet.
    case attention(AttentionShape)
    /// Means and deviations, by channel or by row.
    case normalization
    /// Membrane potentials that turn into spikes.
    case neuron
    /// Maxima or means over windows.
    case pooling
  }

  /// The layer.
  public let module: any Module
  /// What kind of work it does.
  public let kind: Kind
  /// What it reads; queries, keys and values of an attention.
  public let inputs: [Variable]
  /// The shape of what it makes.
  public let output: Shape

  /// The multiply-adds of a framework without spikes: of convolutions and products alone.
  public var multiplyAdds: Int {
    switch kind {
    case .convolution(let kernel, _):
      output.count * kernel * kernel * inputs.reduce(0) { $0 + $1.shape.channels }
    case .linear: output.count * inputs.reduce(0) { $0 + $1.shape.channels }
    case .attention(let shape): shape.multiplyAdds
    case .normalization, .neuron, .pooling: 0
    }
  }

  /// Whether all that the layer reads is spikes, so that its products are additions.
  public var readsSpikes: Bool {
    inputs.allSatisfy { if case .spikes = $0.value { true } else { false } }
  }
}

/// The sizes of an attention over all samples, and the order of its products.
public struct AttentionShape: Hashable, Sendable {
  /// How queries, keys and values meet.
  public enum Form: String, Sendable {
    /// (q·kᵀ)·v without softmax.
    case queriesFirst = "(qk)v"
    /// q·(kᵀ·v) without softmax: the same numbers, in less time where tokens outnumber channels.
    case valuesFirst = "q(kv)"
    /// softmax(q·kᵀ)·v.
    case softmax = "softmax(qk)v"
    /// Keys masked by values, summed over tokens, gate queries: additions alone.
    case gate = "q∘Σ(k∘v)"
  }

  /// How queries, keys and values meet.
  public var form: Form
  /// Sets of tokens that attend among themselves, over all samples: T·B for tokens of one frame.
  public var sequences: Int
  /// Tokens N in a set.
  public var tokens: Int
  /// The number of heads.
  public var heads: Int
  /// Channels d of a head.
  public var headWidth: Int

  /// Multiply-adds of the two products, of which gates need none.
  public var multiplyAdds: Int {
    let perHead =
      switch form {
      case .queriesFirst, .softmax: 2 * tokens * tokens * headWidth
      case .valuesFirst: 2 * tokens * headWidth * headWidth
      case .gate: 0
      }
    return sequences * heads * perHead
  }
}

extension AttentionShape {
  /// The attention of tokens `[T, B, …, C]` within each frame.
  init(_ form: Form, perFrame shape: Shape, heads: Int) {
    self.init(
      form: form,
      sequences: shape[0] * shape[1],
      tokens: shape.rows / (shape[0] * shape[1]),
      heads: heads,
      headWidth: shape.channels / heads
    )
  }
}
