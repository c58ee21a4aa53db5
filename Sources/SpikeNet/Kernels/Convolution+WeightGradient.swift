import CSpikeKernels

extension Convolution {
  /// Computes the gradient of the weights, `[kernel, kernel, in, out]`.
  func weightGradient(_ x: ConvolutionOperand, dy: Tensor) -> Tensor {
    switch x {
    case .spikes(let spikes): spikeWeightGradient(spikes, dy: dy)
    case .counts(let counts):
      counts.weightGradient(over(counts).spikeWeightGradient(counts.spikes, dy: dy), parallel)
    case .tensor(let tensor): tensorWeightGradient(tensor, dy: dy)
    }
  }

  /// Cuts the work into groups of output channels whose weights fit a core's cache, and of output
  /// rows, enough to occupy many threads; each task owns its part of the result.
  private func spikeWeightGradient(_ x: Spikes, dy: Tensor) -> Tensor {
    let width = cachedColumns
    let columnGroups = (shape.outChannels + width - 1) / width
    let tiles = (shape.outRows + TiledWeights.tileWidth - 1) / TiledWeights.tileWidth
    let groups = min(tiles, (16 + columnGroups - 1) / columnGroups)
    let size = TiledWeights(window: shape.window, columns: width).count
    let partial = TensorStorage<Float>(uninitialized: columnGroups * groups * size)
    let workspace = spikeWorkspace
    parallel.forEach(columnGroups * groups) { task in
      let (column, group) = task.quotientAndRemainder(dividingBy: groups)
      let target = partial.pointer + task * size
      target.initialize(repeating: 0, count: size)
      workspace.withPiece { scratch in
        var shape = shape.c
        kernels.spike_conv_weight_gradient(
          &shape,
          x.pointer,
          dy.pointer,
          tiles * group / groups * TiledWeights.tileWidth,
          min(tiles * (group + 1) / groups * TiledWeights.tileWidth, self.shape.outRows),
          column * width,
          min(width, self.shape.outChannels - column * width),
          target,
          scratch
        )
      }
    }
    return joined(partial, size: size, columnGroups: columnGroups, groups: groups)
  }

  /// Output channels whose weights take at most 640 KiB, in whole tiles.
  private var cachedColumns: Int {
    let tiles = max(1, 640 * 1024 / (shape.window * TiledWeights.tileWidth * 4))
    return min(tiles * TiledWeights.tileWidth, shape.outChannels)
  }

  private func joined(
    _ partial: TensorStorage<Float>,
    size: Int,
    columnGroups: Int,
    groups: Int
  ) -> Tensor {
    var dw = Tensor.zeros([shape.kernel, shape.kernel, shape.inChannels, shape.outChannels])
    let target = dw.mutablePointer
    let width = cachedColumns
    for column in 0..<columnGroups {
      let columns = min(width, shape.outChannels - column * width)
      TiledWeights(window: shape.window, columns: columns).sum(
        partial.pointer + column * groups * size,
        terms: groups,
        size: size,
        to: target + column * width,
        stride: shape.outChannels,
        parallel
      )
    }
    return dw
  }

  private func tensorWeightGradient(_ x: Tensor, dy: Tensor) -> Tensor {
    let groups = min(16, (shape.outRows + 511) / 512)
    let stride =
      shape.isSparse
      ? SpikeKernels.padded(shape.outChannels) : shape.outChannels
    let size = shape.window * stride
    let partial = TensorStorage<Float>(uninitialized: groups * size)
    let workspace = windowWorkspace
    parallel.forEach(groups) { group in
      let rows = shape.outRows * group / groups..<shape.outRows * (group + 1) / groups
      let target = partial.pointer + group * size
      target.initialize(repeating: 0, count: size)
      if shape.isSparse {
        addSparseGradient(x, dy: dy, rows: rows, stride: stride, to: target)
      } else {
        addDenseGradient(x, dy: dy, rows: rows, to: target, in: workspace)
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
    to target: UnsafeMutablePointer<Float>,
    in workspace: Workspace<Float>
  ) {
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.windowRows) {
      let block = first..<min(first + Self.windowRows, rows.upperBound)
      withWindows(of: x, rows: block, in: workspace) { windows in
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
