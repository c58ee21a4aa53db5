import CSpikeKernels

/// Spiking self-attention: (q·kᵀ)·v times a scale, head by head, without softmax.
///
/// Zhou et al., "Spikformer" (2023). The products are integers, so both orders of multiplication
/// give the same result, exactly so where the scale is a power of two; forward takes the cheaper one.
struct SpikeAttention {
  let heads: Int
  let scale: Float
  let parallel: Parallel

  /// Images of a tensor `[T, B, …, C]`, and tokens in each.
  private func sizes(of shape: Shape) -> (images: Int, tokens: Int) {
    let images = shape[0] * shape[1]
    return (images, shape.rows / images)
  }

  func forward(_ q: Spikes, _ k: Spikes, _ v: Spikes) -> Tensor {
    let channels = q.shape.channels
    let (images, tokens) = sizes(of: q.shape)
    var output = Tensor(uninitialized: q.shape)
    let target = output.mutablePointer
    let workspace = Workspace<Float>(attention_scratch_size(channels, heads), parallel)
    parallel.forEach(images) { image in
      let first = image * tokens * q.wordsPerRow
      workspace.withPiece { scratch in
        SpikeKernels.selected.attention_forward(
          q.pointer + first,
          k.pointer + first,
          v.pointer + first,
          target + image * tokens * channels,
          tokens,
          channels,
          heads,
          scale,
          scratch
        )
      }
    }
    return output
  }

  func backward(
    _ gradient: Tensor,
    _ q: Spikes,
    _ k: Spikes,
    _ v: Spikes
  ) -> (q: Tensor, k: Tensor, v: Tensor) {
    let channels = q.shape.channels
    let (images, tokens) = sizes(of: q.shape)
    var dq = Tensor(uninitialized: q.shape)
    var dk = Tensor(uninitialized: q.shape)
    var dv = Tensor(uninitialized: q.shape)
    let targets = (dq.mutablePointer, dk.mutablePointer, dv.mutablePointer)
    let workspace = Workspace<Float>(attention_scratch_size(channels, heads), parallel)
    parallel.forEach(images) { image in
      let first = image * tokens * q.wordsPerRow
      let row = image * tokens * channels
      workspace.withPiece { scratch in
        SpikeKernels.selected.attention_backward(
          q.pointer + first,
          k.pointer + first,
          v.pointer + first,
          gradient.pointer + row,
          targets.0 + row,
          targets.1 + row,
          targets.2 + row,
          tokens,
          channels,
          heads,
          scale,
          scratch
        )
      }
    }
    return (dq, dk, dv)
  }

  /// Additions over (kᵀ·v) and q, or over (q·kᵀ) and v where tokens are fewer than a head is wide.
  func forwardWork(_ q: Spikes, _ k: Spikes) -> OperationWork {
    let (images, tokens) = sizes(of: q.shape)
    let width = min(tokens, q.shape.channels / heads)
    return OperationWork(
      denseMultiplyAdds: Double(2 * images * tokens * tokens * q.shape.channels),
      operations: Double((q.onesCount + k.onesCount) * width),
      bytes: 4.5 * Double(q.shape.count)
    )
  }

  /// One real product with (vᵀ·k), and additions over the ones of q, k and v.
  func backwardWork(_ q: Spikes, _ k: Spikes, _ v: Spikes) -> OperationWork {
    let (images, tokens) = sizes(of: q.shape)
    let width = q.shape.channels / heads
    let ones = q.onesCount + k.onesCount + 2 * v.onesCount
    return OperationWork(
      denseMultiplyAdds: Double(4 * images * tokens * tokens * q.shape.channels),
      operations: Double((q.shape.count + ones) * width),
      bytes: 16.5 * Double(q.shape.count)
    )
  }
}
