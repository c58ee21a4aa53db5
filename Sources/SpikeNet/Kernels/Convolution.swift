import CSpikeKernels

/// Convolutions of spikes, event counts and real numbers, forward and backward.
///
/// Weights are `[kernel, kernel, in, out]`. Which kernel runs follows from the input: set bits of
/// spikes, non-zeros where an output has few weights (the first layer on event counts), OpenBLAS
/// for the rest.
struct Convolution {
  let shape: ConvolutionShape
  let parallel: Parallel

  private var kernels: spike_kernels { SpikeKernels.selected }

  /// Real inputs with at most this many weights per output go through the non-zero kernel.
  private static let sparseWindow = 64

  // MARK: Forward

  /// Computes `[…, outHeight, outWidth, out]`, and the statistics of its channels if asked to.
  func forward(
    _ x: Variable.Value,
    inputShape: Shape,
    weight: Tensor,
    bias: Tensor?,
    measuring: Bool
  ) -> (output: Tensor, statistics: ChannelStatistics?) {
    var output = Tensor(uninitialized: shape.output(for: inputShape))
    let target = output.mutablePointer
    let channels = shape.outChannels
    let size = max(16, (1 << 15) / SpikeKernels.padded(channels))
    let blocks =
      measuring
      ? ChannelStatistics.Blocks(rows: shape.outRows, size: size, channels: channels) : nil
    let compute = rowKernel(x, weight: PaddedWeights(weight), bias: bias, target: target)
    parallel.forEachBlock(of: shape.outRows, size: size) { rows in
      compute(rows)
      blocks?.measure(rows.lowerBound / size, at: target + rows.lowerBound * channels)
    }
    return (output, blocks?.combined())
  }

  private func rowKernel(
    _ x: Variable.Value,
    weight: PaddedWeights,
    bias: Tensor?,
    target: UnsafeMutablePointer<Float>
  ) -> (Range<Int>) -> Void {
    let bias = bias.map { SpikeKernels.padded($0.scalars) }
    switch x {
    case .spikes(let spikes):
      return { rows in
        var shape = shape.c
        let index = TensorStorage<Int32>(uninitialized: self.shape.window)
        kernels.spike_conv_forward(
          &shape,
          spikes.pointer,
          weight.pointer,
          weight.stride,
          bias,
          target,
          rows.lowerBound,
          rows.upperBound,
          index.pointer
        )
      }
    case .tensor(let tensor) where shape.window <= Self.sparseWindow:
      return { rows in
        var shape = shape.c
        let index = TensorStorage<Int32>(uninitialized: self.shape.window)
        let values = TensorStorage<Float>(uninitialized: self.shape.window)
        kernels.sparse_conv_forward(
          &shape,
          tensor.pointer,
          weight.pointer,
          weight.stride,
          bias,
          target,
          rows.lowerBound,
          rows.upperBound,
          index.pointer,
          values.pointer
        )
      }
    case .tensor(let tensor):
      return { rows in
        multiplyWindows(of: tensor, rows: rows, by: weight.matrix, into: target)
        guard let bias else { return }
        for row in rows {
          for channel in 0..<shape.outChannels {
            target[row * shape.outChannels + channel] += bias[channel]
          }
        }
      }
    }
  }

  private func multiplyWindows(
    of x: Tensor,
    rows: Range<Int>,
    by weight: Gemm.Matrix,
    into target: UnsafeMutablePointer<Float>
  ) {
    withWindows(of: x, rows: rows) { windows in
      Gemm.multiply(
        windows,
        weight,
        into: target + rows.lowerBound * shape.outChannels,
        m: rows.count,
        n: shape.outChannels,
        k: shape.window
      )
    }
  }

  private func withWindows(of x: Tensor, rows: Range<Int>, _ body: (Gemm.Matrix) -> Void) {
    if shape.isPointwise {
      let first = x.pointer + rows.lowerBound * shape.inChannels
      body(Gemm.Matrix(pointer: first, stride: shape.inChannels))
    } else {
      let columns = TensorStorage<Float>(uninitialized: rows.count * shape.window)
      var shape = shape.c
      kernels.gather_windows(
        &shape,
        x.pointer,
        columns.pointer,
        rows.lowerBound,
        rows.upperBound
      )
      body(Gemm.Matrix(pointer: columns.pointer, stride: self.shape.window))
    }
  }

  // MARK: Gradient of the input

  /// Computes the gradient of the input, in the input's shape.
  func inputGradient(_ dy: Tensor, weight: Tensor, inputShape: Shape) -> Tensor {
    var dx = Tensor(uninitialized: inputShape)
    let target = dx.mutablePointer
    if shape.stride > 1 {
      scatterInputGradient(dy, weight: weight, into: target)
    } else {
      let transposed = Convolution(shape: shape.transposed, parallel: parallel)
      let weight = PaddedWeights(shape.isPointwise ? weight : transposedWeight(weight))
      let matrix = Gemm.Matrix(
        pointer: weight.pointer,
        stride: weight.stride,
        isTransposed: shape.isPointwise
      )
      parallel.forEachBlock(of: shape.inRows, size: 512) { rows in
        transposed.multiplyWindows(of: dy, rows: rows, by: matrix, into: target)
      }
    }
    return dx
  }

  /// `[kernel, kernel, in, out]` to `[kernel, kernel, out, in]`, turned by half a turn.
  private func transposedWeight(_ weight: Tensor) -> Tensor {
    let (inChannels, outChannels) = (shape.inChannels, shape.outChannels)
    var result = Tensor(uninitialized: [shape.kernel, shape.kernel, outChannels, inChannels])
    let target = result.mutablePointer
    let source = weight.pointer
    for tap in 0..<shape.taps {
      let from = source + tap * inChannels * outChannels
      let to = target + (shape.taps - 1 - tap) * inChannels * outChannels
      for input in 0..<inChannels {
        for output in 0..<outChannels {
          to[output * inChannels + input] = from[input * outChannels + output]
        }
      }
    }
    return result
  }

  private func scatterInputGradient(
    _ dy: Tensor,
    weight: Tensor,
    into target: UnsafeMutablePointer<Float>
  ) {
    let outPixels = shape.outHeight * shape.outWidth
    let inFloats = shape.inHeight * shape.inWidth * shape.inChannels
    let weight = Gemm.Matrix(
      pointer: weight.pointer,
      stride: shape.outChannels,
      isTransposed: true
    )
    parallel.forEach(shape.images) { image in
      var shape = shape.c
      let columns = TensorStorage<Float>(uninitialized: outPixels * self.shape.window)
      let dy = Gemm.Matrix(
        pointer: dy.pointer + image * outPixels * self.shape.outChannels,
        stride: self.shape.outChannels
      )
      Gemm.multiply(
        dy,
        weight,
        into: columns.pointer,
        m: outPixels,
        n: self.shape.window,
        k: self.shape.outChannels
      )
      let image = target + image * inFloats
      image.initialize(repeating: 0, count: inFloats)
      kernels.scatter_windows(&shape, columns.pointer, image)
    }
  }

  // MARK: Gradients of weight and bias

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
    let index = TensorStorage<Int32>(uninitialized: self.shape.window)
    let values = TensorStorage<Float>(uninitialized: self.shape.window)
    kernels.sparse_conv_weight_gradient(
      &shape,
      x.pointer,
      dy.pointer,
      target,
      stride,
      rows.lowerBound,
      rows.upperBound,
      index.pointer,
      values.pointer
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

/// Weights `[window, out]` with rows padded to whole vectors; the original where they already are.
private struct PaddedWeights {
  let stride: Int
  private let original: Tensor
  private let copy: TensorStorage<Float>?

  init(_ weight: Tensor) {
    let (rows, columns) = (weight.shape.rows, weight.shape.channels)
    original = weight
    stride = SpikeKernels.padded(columns)
    guard stride != columns else {
      copy = nil
      return
    }
    let copy = TensorStorage<Float>(uninitialized: rows * stride)
    copy.pointer.initialize(repeating: 0, count: rows * stride)
    for row in 0..<rows {
      (copy.pointer + row * stride).update(from: weight.pointer + row * columns, count: columns)
    }
    self.copy = copy
  }

  var pointer: UnsafePointer<Float> { copy.map { UnsafePointer($0.pointer) } ?? original.pointer }

  var matrix: Gemm.Matrix { Gemm.Matrix(pointer: pointer, stride: stride) }
}
