/// Which tokens of `[T, B, N, C]` attend among themselves.
public enum AttendedAxis: String, Sendable {
  /// The N tokens of a frame.
  case tokens
  /// The T time steps of a token.
  case steps
}

extension ForwardPass {
  /// Attends with real numbers: softmax(q·kᵀ / √d)·v for each of `heads` groups of d channels.
  ///
  /// - Parameters:
  ///   - projections: `[T, B, N, 3·C]`: queries, keys and values side by side.
  ///   - axis: Which tokens attend among themselves.
  /// - Returns: `[T, B, N, C]`.
  public func softmaxAttention(
    _ projections: Variable,
    heads: Int,
    over axis: AttendedAxis
  ) -> Variable {
    let shape = projections.shape
    let channels = shape.channels / 3
    precondition(
      shape.rank == 4 && shape.channels % 3 == 0 && channels % heads == 0,
      "softmax attention: \(shape) in \(heads) heads"
    )
    let (steps, perStep) = (shape[0], shape[1] * shape[2])
    let attention = SoftmaxAttention(
      heads: heads,
      tokens: axis == .tokens
        ? .init(sequences: steps * shape[1], tokens: shape[2], stride: 1)
        : .init(sequences: perStep, tokens: steps, stride: perStep),
      parallel: parallel
    )
    let input = projections.tensor
    let output = computed(shape.replacingChannels(channels)) {
      profile.measure("attention, forward") { attention.forward(input) }
    }
    return record(output, from: [projections]) { [profile] gradient in
      [profile.measure("attention, backward") { attention.backward(gradient, input) }]
    }
  }
}
