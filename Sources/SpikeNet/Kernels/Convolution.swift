import CSpikeKernels

/// Convolutions of spikes, event counts and real numbers, forward and backward.
///
/// Weights are `[kernel, kernel, in, out]`. Which kernel runs follows from the input: set bits of
/// spikes and of sums of spikes, non-zeros where an output has few weights (the first layer on event
/// counts), dense products for the rest.
struct Convolution {
  let shape: ConvolutionShape
  let parallel: Parallel

  var kernels: spike_kernels { SpikeKernels.selected }

  /// The same convolution over planes of binary digits.
  func over(_ counts: CountPlanes) -> Convolution {
    Convolution(shape: counts.shape(shape), parallel: parallel)
  }

  /// Computes `[…, outHeight, outWidth, out]`, and the statistics of its channels if asked to and
  /// at hand.
  func forward(
    _ x: ConvolutionOperand,
    inputShape: Shape,
    weight: Tensor,
    bias: Tensor?,
    measuring: Bool
  ) -> (output: Tensor, statistics: ChannelStatistics?) {
    let bias = bias.map { SpikeKernels.padded($0.scalars) }
    switch x {
    case .counts(let counts):
      let wide = over(counts)
      return wide.convolve(inputShape, measuring: measuring) {
        wide.spikeKernel(
          counts.spikes,
          weight: counts.weights(weight, parallel),
          bias: bias,
          target: $0
        )
      }
    case .spikes(let spikes):
      return convolve(inputShape, measuring: measuring) {
        spikeKernel(spikes, weight: weight, bias: bias, target: $0)
      }
    case .tensor(let tensor) where shape.isSparse:
      return convolve(inputShape, measuring: measuring) {
        sparseKernel(tensor, weight: weight, bias: bias, target: $0)
      }
    case .tensor(let tensor):
      var output = Tensor(uninitialized: shape.output(for: inputShape))
      dense(tensor, weight: weight, into: output.mutablePointer)
      if let bias { add(bias, to: output.mutablePointer) }
      return (output, nil)
    }
  }

  /// Fills an output in blocks of rows, and measures them while they are in the cache.
  private func convolve(
    _ inputShape: Shape,
    measuring: Bool,
    _ kernel: (UnsafeMutablePointer<Float>) -> (Range<Int>) -> Void
  ) -> (output: Tensor, statistics: ChannelStatistics?) {
    var output = Tensor(uninitialized: shape.output(for: inputShape))
    let target = output.mutablePointer
    let compute = kernel(target)
    let channels = shape.outChannels
    let size = Int(SPIKE_ROWS)
    let blocks =
      measuring
      ? ChannelStatistics.Blocks(rows: shape.outRows, size: size, channels: channels) : nil
    parallel.forEachBlock(of: shape.outRows, size: size) { rows in
      compute(rows)
      blocks?.measure(rows.lowerBound / size, at: target + rows.lowerBound * channels)
    }
    return (output, blocks?.combined())
  }

  private func spikeKernel(
    _ x: Spikes,
    weight: Tensor,
    bias: [Float]?,
    target: UnsafeMutablePointer<Float>
  ) -> (Range<Int>) -> Void {
    let weights = TiledWeights(window: shape.window, columns: shape.outChannels)
      .tiled(weight.pointer, parallel)
    let workspace = spikeWorkspace
    return { rows in
      workspace.withPiece { scratch in
        var shape = shape.c
        kernels.spike_conv_forward(
          &shape,
          x.pointer,
          weights.pointer,
          bias,
          target,
          rows.lowerBound,
          rows.upperBound,
          scratch
        )
      }
    }
  }

  private func sparseKernel(
    _ x: Tensor,
    weight: Tensor,
    bias: [Float]?,
    target: UnsafeMutablePointer<Float>
  ) -> (Range<Int>) -> Void {
    let weights = PaddedWeights(weight)
    return { rows in
      var shape = shape.c
      kernels.sparse_conv_forward(
        &shape,
        x.pointer,
        weights.pointer,
        weights.stride,
        bias,
        target,
        rows.lowerBound,
        rows.upperBound
      )
    }
  }

  private func add(_ bias: [Float], to target: UnsafeMutablePointer<Float>) {
    parallel.forEachBlock(of: shape.outRows, size: 512) { rows in
      for row in rows {
        kernels.accumulate(target + row * shape.outChannels, bias, shape.outChannels)
      }
    }
  }

  /// What one task over spikes works in.
  var spikeWorkspace: Workspace<UInt8> {
    var shape = shape.c
    return Workspace(spike_conv_scratch_size(&shape), parallel)
  }

  /// Output rows whose windows one task gathers at a time.
  static let windowRows = 512

  /// Where a task gathers windows.
  var windowWorkspace: Workspace<Float> {
    Workspace(shape.isPointwise ? 0 : Self.windowRows * shape.window, parallel)
  }

  /// Calls `body` with the windows of at most ``windowRows`` output rows.
  func withWindows(
    of x: Tensor,
    rows: Range<Int>,
    in workspace: Workspace<Float>,
    _ body: (Gemm.Matrix) -> Void
  ) {
    guard !shape.isPointwise else {
      let first = x.pointer + rows.lowerBound * shape.inChannels
      return body(Gemm.Matrix(pointer: first, stride: shape.inChannels))
    }
    workspace.withPiece { columns in
      var shape = shape.c
      kernels.gather_windows(&shape, x.pointer, columns, rows.lowerBound, rows.upperBound)
      body(Gemm.Matrix(pointer: columns, stride: self.shape.window))
    }
  }
}
