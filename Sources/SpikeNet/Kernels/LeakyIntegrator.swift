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
      forEachBlock(of: x, normalization) { input, _ in
        var rule = rule
        var input = input
        let scratch = scratch(for: input)
        SpikeKernels.selected.neuron_forward(&rule, &input, words, scratch.pointer)
      }
    }
  }

  /// Turns the gradient of the spikes into that of the input, in place.
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
    forEachBlock(of: x, normalization) { input, block in
      var rule = rule
      var input = input
      let scratch = scratch(for: input)
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
        scratch.pointer
      )
    }
    let sums = partial?.combined()
    if let normalization, let sums {
      normalization.differentiate(&gradient, x, sums: sums, parallel)
    }
    return Gradients(sums: sums, gain: Float(gains.buffer.reduce(0, +)))
  }

  private func scratch(for input: neuron_input) -> TensorStorage<Float> {
    TensorStorage(uninitialized: neuron_scratch_size(input.steps, input.channels))
  }

  private func blockCount(of x: Tensor) -> Int {
    let rows = x.shape.rows / x.shape[0]
    let size = Self.blockSize(channels: x.shape.channels, steps: x.shape[0])
    return (rows + size - 1) / size
  }

  private func forEachBlock(
    of x: Tensor,
    _ normalization: BatchNormalization?,
    _ body: (neuron_input, Int) -> Void
  ) {
    let (steps, channels) = (x.shape[0], x.shape.channels)
    let size = Self.blockSize(channels: channels, steps: steps)
    parallel.forEachBlock(of: x.shape.rows / steps, size: size) { rows in
      withOptionalPointers(normalization?.scale, normalization?.shift) { scale, shift in
        body(
          neuron_input(
            steps: steps,
            rows: x.shape.rows / steps,
            channels: channels,
            x: x.pointer,
            scale: scale,
            shift: shift,
            begin: rows.lowerBound,
            end: rows.upperBound
          ),
          rows.lowerBound / size
        )
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
