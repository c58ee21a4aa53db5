/// Sums over rows, in fixed blocks.
enum Reduction {
  /// Sums over all dimensions but the last: `[…, C]` to `[C]`.
  static func sumOfRows(_ x: Tensor, _ parallel: Parallel) -> Tensor {
    let (rows, channels) = (x.shape.rows, x.shape.channels)
    let size = max(16, (1 << 15) / max(channels, 1))
    let blocks = (rows + size - 1) / size
    let stride = SpikeKernels.padded(channels)
    let partial = TensorStorage<Double>(uninitialized: blocks * stride)
    partial.pointer.initialize(repeating: 0, count: blocks * stride)
    parallel.forEachBlock(of: rows, size: size) { block in
      SpikeKernels.selected.row_sums(
        x.pointer + block.lowerBound * channels,
        block.count,
        channels,
        partial.pointer + block.lowerBound / size * stride
      )
    }
    var sums = [Double](repeating: 0, count: channels)
    for block in 0..<blocks {
      for channel in 0..<channels { sums[channel] += partial.pointer[block * stride + channel] }
    }
    return Tensor([channels], sums.map(Float.init))
  }

  /// Sums the middle of `[outer, count, inner]` to `[outer, inner]`, times `factor`.
  static func sumOfMiddle(
    _ x: Tensor,
    outer: Int,
    count: Int,
    factor: Float,
    _ parallel: Parallel
  ) -> TensorStorage<Float> {
    let inner = x.count / (outer * count)
    let sums = TensorStorage<Float>(uninitialized: outer * inner)
    parallel.forEach(outer) { index in
      let target = sums.pointer + index * inner
      target.initialize(repeating: 0, count: inner)
      for row in 0..<count {
        SpikeKernels.selected.accumulate(
          target,
          x.pointer + (index * count + row) * inner,
          inner
        )
      }
      for element in 0..<inner { target[element] *= factor }
    }
    return sums
  }
}

extension Reduction {
  /// Repeats `[outer, inner]` along a middle dimension, times `factor`: the way back of a sum.
  static func spread(
    _ gradient: Tensor,
    to shape: Shape,
    outer: Int,
    count: Int,
    factor: Float,
    _ parallel: Parallel
  ) -> Tensor {
    let inner = shape.count / (outer * count)
    var result = Tensor(uninitialized: shape)
    let target = result.mutablePointer
    parallel.forEach(outer) { index in
      let source = gradient.pointer + index * inner
      for row in index * count..<(index + 1) * count {
        for element in 0..<inner { target[row * inner + element] = source[element] * factor }
      }
    }
    return result
  }
}
