extension ForwardPass {
  /// Attends with spikes: (q·kᵀ)·v · scale for each of `heads` groups of channels.
  ///
  /// - Parameters:
  ///   - q: Queries `[T, B, …, C]`; the dimensions between B and C are the tokens.
  ///   - k: Keys in the same shape.
  ///   - v: Values in the same shape.
  /// - Returns: Sums of spikes times `scale`, in the same shape.
  public func spikingSelfAttention(
    _ q: Variable,
    _ k: Variable,
    _ v: Variable,
    heads: Int,
    scale: Float
  ) -> Variable {
    let channels = q.shape.channels
    precondition(
      channels % heads == 0 && channels / heads <= 64,
      "attention: \(channels) channels in \(heads) heads; a head is at most 64 wide"
    )
    let query = q.spikes("attention")
    let key = k.spikes("attention")
    let value = v.spikes("attention")
    let attention = SpikeAttention(heads: heads, scale: scale, parallel: parallel)
    let output = computed(q.shape) {
      profile.measure("attention, forward", attention.forwardWork(query, key)) {
        attention.forward(query, key, value)
      }
    }
    return record(output, from: [q, k, v]) { [profile] gradient in
      let gradients = profile.measure(
        "attention, backward",
        attention.backwardWork(query, key, value)
      ) {
        attention.backward(gradient, query, key, value)
      }
      return [gradients.q, gradients.k, gradients.v]
    }
  }
}
