import CSpikeKernels

/// Convolutions of spikes, event counts and real numbers, forward and backward.
///
/// Weights are `[kernel, kernel, in, out]`. Which kernel runs follows from the input: set bits of
/// spikes, non-zeros where an output has few weights (the first layer on event counts), OpenBLAS
/// for the rest.
struct Convolution {
  let shape: ConvolutionShape
  let parallel: Parallel

  var kernels: spike_kernels { SpikeKernels.selected }

  /// Real inputs with at most this many weights per output go through the non-zero kernel.
  static let sparseWindow = 64

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
    let size = max(SpikeWeights.tileWidth, (1 << 15) / SpikeKernels.padded(channels) / 64 * 64)
    let blocks =
      measuring
      ? ChannelStatistics.Blocks(rows: shape.outRows, size: size, channels: channels) : nil
    let compute = rowKernel(x, weight: weight, bias: bias, target: target)
    parallel.forEachBlock(of: shape.outRows, size: size) { rows in
      compute(rows)
      blocks?.measure(rows.lowerBound / size, at: target + rows.lowerBound * channels)
    }
    return (output, blocks?.combined())
  }

  private func rowKernel(
    _ x: Variable.Value,
    weight: Tensor,
    bias: Tensor?,
    target: UnsafeMutablePointer<Float>
  ) -> (Range<Int>) -> Void {
    let bias = bias.map { SpikeKernels.padded($0.scalars) }
    switch x {
    case .spikes(let spikes):
      let weights = SpikeWeights(window: shape.window, columns: shape.outChannels)
      let tiles = weights.tiled(weight.pointer)
      return { rows in
        var shape = shape.c
        let scratch = TensorStorage<UInt8>(uninitialized: spike_conv_scratch_size(&shape))
        kernels.spike_conv_forward(
          &shape,
          spikes.pointer,
          tiles.pointer,
          bias,
          target,
          rows.lowerBound,
          rows.upperBound,
          scratch.pointer
        )
      }
    case .tensor(let tensor) where shape.window <= Self.sparseWindow:
      let weight = PaddedWeights(weight)
      return { rows in
        var shape = shape.c
        kernels.sparse_conv_forward(
          &shape,
          tensor.pointer,
          weight.pointer,
          weight.stride,
          bias,
          target,
          rows.lowerBound,
          rows.upperBound
        )
      }
    case .tensor(let tensor):
      let weight = PaddedWeights(weight)
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

  func multiplyWindows(
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

  func withWindows(of x: Tensor, rows: Range<Int>, _ body: (Gemm.Matrix) -> Void) {
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
}
