import CSpikeKernels

/// Leaky integration, firing and reset over all time steps, fused with the normalisation before it.
///
/// The input is `[T, …, C]`. The way back recomputes potentials from the input, so a layer keeps
/// nothing but its input and its spikes.
struct LeakyIntegrator {
  let rule: neuron_rule
  let parallel: Parallel

  /// Gradients of what parametrises the integrator.
  struct Gradients {
    let sums: BatchNormalization.Sums?
    /// The derivative by gain (decayed input) or decay (full input).
    let gain: Float
  }

  private static func blockSize(channels: Int, steps: Int) -> Int {
    max(4, (1 << 16) / (SpikeKernels.padded(channels) * steps))
  }

  /// Computes the spikes of `normalization(x)`, or of `x` itself.
  func forward(_ x: Tensor, normalization: BatchNormalization?) -> Spikes {
    Spikes(x.shape) { words in
      forEachBlock(of: x, normalization) { input, _, scratch in
        var rule = rule
        var input = input
        SpikeKernels.selected.neuron_forward(&rule, &input, words, scratch)
      }
    }
  }

  /// Computes the rectified potentials of `normalization(x)`, or of `x` itself.
  func potentials(_ x: Tensor, normalization: BatchNormalization?) -> Tensor {
    var output = Tensor(uninitialized: x.shape)
    let target = output.mutablePointer
    forEachBlock(of: x, normalization) { input, _, scratch in
      var rule = rule
      var input = input
      SpikeKernels.selected.analog_neuron_forward(&rule, &input, target, scratch)
    }
    return output
  }

  /// Turns the gradient of the output into that of the input, in place.
  func backward(
    _ gradient: inout Tensor,
    _ x: Tensor,
    normalization: BatchNormalization?,
    needsGain: Bool
  ) -> Gradients {
    let target = gradient.mutablePointer
    let blocks = blockCount(of: x)
    let partial = normalization.map { PartialSums(blocks: blocks, channels: $0.channels) }
    let gains = TensorStorage<Double>(uninitialized: blocks)
    gains.pointer.initialize(repeating: 0, count: blocks)
    forEachBlock(of: x, normalization) { input, block, scratch in
      var rule = rule
      var input = input
      let sums = partial?.pointers(block: block)
      SpikeKernels.selected.neuron_backward(
        &rule,
        &input,
        target,
        normalization?.mean,
        normalization?.inverseDeviation,
        sums?.gradient,
        sums?.product,
        needsGain ? gains.pointer + block : nil,
        scratch
      )
    }
    let sums = partial?.combined()
    if let normalization, let sums {
      normalization.differentiate(&gradient, x, sums: sums, parallel)
    }
    return Gradients(sums: sums, gain: Float(gains.buffer.reduce(0, +)))
  }

  private func blockCount(of x: Tensor) -> Int {
    let rows = x.shape.rows / x.shape[0]
    let size = Self.blockSize(channels: x.shape.channels, steps: x.shape[0])
    return (rows + size - 1) / size
  }

  private func forEachBlock(
    of x: Tensor,
    _ normalization: BatchNormalization?,
    _ body: (neuron_input, Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let (steps, channels) = (x.shape[0], x.shape.channels)
    let size = Self.blockSize(channels: channels, steps: steps)
    let workspace = Workspace<Float>(neuron_scratch_size(steps, channels), parallel)
    parallel.forEachBlock(of: x.shape.rows / steps, size: size) { rows in
      withOptionalPointers(normalization?.scale, normalization?.shift) { scale, shift in
        let input = neuron_input(
          steps: steps,
          rows: x.shape.rows / steps,
          channels: channels,
          x: x.pointer,
          scale: scale,
          shift: shift,
          begin: rows.lowerBound,
          end: rows.upperBound
        )
        workspace.withPiece { body(input, rows.lowerBound / size, $0) }
      }
    }
  }
}

private func withOptionalPointers(
  _ a: [Float]?,
  _ b: [Float]?,
  _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?) -> Void
) {
  guard let a, let b else { return body(nil, nil) }
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in body(a.baseAddress, b.baseAddress) }
  }
}
