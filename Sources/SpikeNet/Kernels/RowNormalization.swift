import CSpikeKernels

/// Layer normalisation: y = (x − mean) / √(variance + ε) · γ + β over the channels of every row.
///
/// x is `[…, C]`; the variance is the biased one (Ba et al., 2016).
struct RowNormalization {
  let gamma: Tensor
  let beta: Tensor
  let epsilon: Float
  let parallel: Parallel

  /// What the way back needs of every row.
  struct Moments: Sendable {
    let mean: TensorStorage<Float>
    let inverseDeviation: TensorStorage<Float>
  }

  private var channels: Int { gamma.count }

  /// Rows of a block of work; a multiple of the rows that the kernel sums in single precision.
  private var blockSize: Int { max(16, (1 << 15) / channels / 16 * 16) }

  func forward(_ x: Tensor) -> (y: Tensor, moments: Moments) {
    var y = Tensor(uninitialized: x.shape)
    let target = y.mutablePointer
    let rows = x.shape.rows
    let moments = Moments(
      mean: TensorStorage(uninitialized: rows),
      inverseDeviation: TensorStorage(uninitialized: rows)
    )
    parallel.forEachBlock(of: rows, size: blockSize) { block in
      SpikeKernels.selected.layer_norm(
        x.pointer + block.lowerBound * channels,
        block.count,
        channels,
        gamma.pointer,
        beta.pointer,
        epsilon,
        target + block.lowerBound * channels,
        moments.mean.pointer + block.lowerBound,
        moments.inverseDeviation.pointer + block.lowerBound
      )
    }
    return (y, moments)
  }

  /// Turns the gradient of y into that of x, in place; returns those of γ and β.
  func backward(
    _ gradient: inout Tensor,
    _ x: Tensor,
    _ moments: Moments
  ) -> BatchNormalization.Sums {
    let rows = x.shape.rows
    let size = blockSize
    let target = gradient.mutablePointer
    let partial = PartialSums(blocks: (rows + size - 1) / size, channels: channels)
    parallel.forEachBlock(of: rows, size: size) { block in
      let sums = partial.pointers(block: block.lowerBound / size)
      SpikeKernels.selected.layer_norm_gradient(
        target + block.lowerBound * channels,
        x.pointer + block.lowerBound * channels,
        block.count,
        channels,
        gamma.pointer,
        moments.mean.pointer + block.lowerBound,
        moments.inverseDeviation.pointer + block.lowerBound,
        sums.gradient,
        sums.product
      )
    }
    return partial.combined()
  }
}
