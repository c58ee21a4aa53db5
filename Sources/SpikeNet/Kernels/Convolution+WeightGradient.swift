import CSpikeKernels

extension Convolution {
  /// Computes the gradient of the weights, `[kernel, kernel, in, out]`.
  func weightGradient(_ x: Variable.Value, dy: Tensor) -> Tensor {
    switch x {
    case .spikes(let spikes): spikeWeightGradient(spikes, dy: dy)
    case .tensor(let tensor): tensorWeightGradient(tensor, dy: dy)
    }
  }

  /// Cuts the work into slices of the weights that fit a core's cache, and into enough groups of
  /// images to occupy many threads; each task owns its part of the result.
  private func spikeWeightGradient(_ x: Spikes, dy: Tensor) -> Tensor {
    let tiles = stride(from: 0, to: SpikeKernels.padded(shape.outChannels), by: tileWidth)
      .map { ($0, min(tileWidth, SpikeKernels.padded(shape.outChannels) - $0)) }
    let words = x.wordsPerRow
    let groups = min(shape.images, (16 + tiles.count * words - 1) / (tiles.count * words))
    let slice = shape.taps * 64 * tileWidth
    let partial = TensorStorage<Float>(uninitialized: tiles.count * words * groups * slice)
    parallel.forEach(tiles.count * words * groups) { task in
      let (tileAndWord, group) = task.quotientAndRemainder(dividingBy: groups)
      let (tile, word) = tileAndWord.quotientAndRemainder(dividingBy: words)
      var shape = shape.c
      let scratch = TensorStorage<UInt8>(uninitialized: spike_conv_scratch_size(&shape))
      let target = partial.pointer + task * slice
      target.initialize(repeating: 0, count: slice)
      kernels.spike_conv_weight_gradient(
        &shape,
        x.pointer,
        dy.pointer,
        self.shape.images * group / groups,
        self.shape.images * (group + 1) / groups,
        word,
        tiles[tile].0,
        tiles[tile].1,
        target,
        scratch.pointer
      )
    }
    return joined(partial, tiles: tiles, words: words, groups: groups)
  }

  private var tileWidth: Int {
    min(shape.taps == 1 ? 256 : 128, SpikeKernels.padded(shape.outChannels))
  }

  private func joined(
    _ partial: TensorStorage<Float>,
    tiles: [(first: Int, width: Int)],
    words: Int,
    groups: Int
  ) -> Tensor {
    var dw = Tensor.zeros([shape.kernel, shape.kernel, shape.inChannels, shape.outChannels])
    let target = dw.mutablePointer
    let slice = shape.taps * 64 * tileWidth
    parallel.forEach(shape.taps) { tap in
      for task in 0..<tiles.count * words * groups {
        let (tile, word) = (task / groups).quotientAndRemainder(dividingBy: words)
        let (first, width) = tiles[tile]
        let count = min(width, shape.outChannels - first)
        for channel in word * 64..<min(shape.inChannels, word * 64 + 64) {
          let source = partial.pointer + task * slice + (tap * 64 + channel - word * 64) * width
          let row = target + (tap * shape.inChannels + channel) * shape.outChannels + first
          kernels.accumulate(row, source, count)
        }
      }
    }
    return dw
  }

  private func tensorWeightGradient(_ x: Tensor, dy: Tensor) -> Tensor {
    let groups = min(16, (shape.outRows + 511) / 512)
    let stride =
      shape.window <= Self.sparseWindow
      ? SpikeKernels.padded(shape.outChannels) : shape.outChannels
    let size = shape.window * stride
    let partial = TensorStorage<Float>(uninitialized: groups * size)
    parallel.forEach(groups) { group in
      let rows = shape.outRows * group / groups..<shape.outRows * (group + 1) / groups
      let target = partial.pointer + group * size
      target.initialize(repeating: 0, count: size)
      if shape.window <= Self.sparseWindow {
        addSparseGradient(x, dy: dy, rows: rows, stride: stride, to: target)
      } else {
        addDenseGradient(x, dy: dy, rows: rows, to: target)
      }
    }
    for group in 1..<max(groups, 1) {
      kernels.accumulate(partial.pointer, partial.pointer + group * size, size)
    }
    return unpadded(partial, stride: stride)
  }

  private func addSparseGradient(
    _ x: Tensor,
    dy: Tensor,
    rows: Range<Int>,
    stride: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    var shape = shape.c
    kernels.sparse_conv_weight_gradient(
      &shape,
      x.pointer,
      dy.pointer,
      target,
      stride,
      rows.lowerBound,
      rows.upperBound
    )
  }

  private func addDenseGradient(
    _ x: Tensor,
    dy: Tensor,
    rows: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) {
    for first in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: 512) {
      let block = first..<min(first + 512, rows.upperBound)
      withWindows(of: x, rows: block) { windows in
        var windows = windows
        windows.isTransposed = true
        let dy = Gemm.Matrix(
          pointer: dy.pointer + first * shape.outChannels,
          stride: shape.outChannels
        )
        Gemm.multiply(
          windows,
          dy,
          into: target,
          m: shape.window,
          n: shape.outChannels,
          k: block.count,
          adding: true
        )
      }
    }
  }

  private func unpadded(_ rows: TensorStorage<Float>, stride: Int) -> Tensor {
    var result = Tensor(
      uninitialized: [shape.kernel, shape.kernel, shape.inChannels, shape.outChannels])
    let target = result.mutablePointer
    for row in 0..<shape.window {
      (target + row * shape.outChannels)
        .update(from: rows.pointer + row * stride, count: shape.outChannels)
    }
    return result
  }

  /// Computes the gradient of the bias: the sum of `dy` over all rows.
  func biasGradient(_ dy: Tensor) -> Tensor {
    Reduction.sumOfRows(dy, parallel)
  }
}
