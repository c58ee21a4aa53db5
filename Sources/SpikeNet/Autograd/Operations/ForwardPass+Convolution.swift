extension ForwardPass {
  /// Convolves feature maps `[…, H, W, in]` with weights `[kernel, kernel, in, out]`.
  ///
  /// - Parameters:
  ///   - x: Spikes or real numbers.
  ///   - weight: Read in this order; see ``ParameterLayout/convolution``.
  ///   - bias: `[out]`, or nil.
  ///   - measuring: Gathers the channel statistics that a batch normalisation after it needs.
  /// - Returns: `[…, outHeight, outWidth, out]`.
  public func convolution(
    _ x: Variable,
    weight: Variable,
    bias: Variable? = nil,
    stride: Int = 1,
    padding: Int = 0,
    measuring: Bool = false
  ) -> Variable {
    let shape = ConvolutionShape(
      input: x.shape,
      kernel: weight.shape[0],
      outChannels: weight.shape.channels,
      stride: stride,
      padding: padding
    )
    precondition(
      weight.shape[2] == shape.inChannels,
      "convolution: \(x.shape) with weights \(weight.shape)"
    )
    let kernel = Convolution(shape: shape, parallel: parallel)
    let weights = weight.tensor
    let operand = operand(x.value, of: kernel)
    let work = ConvolutionWork(shape, input: operand)
    var statistics: ChannelStatistics?
    let output = computed(shape.output(for: x.shape)) {
      profile.measure("\(shape), forward", work.forward) {
        let result = kernel.forward(
          operand,
          inputShape: x.shape,
          weight: weights,
          bias: bias?.tensor,
          measuring: measuring
        )
        statistics = result.statistics
        return result.output
      }
    }
    let inputs = [x, weight] + (bias.map { [$0] } ?? [])
    let (inputShape, inputNeedsGradient) = (x.shape, x.needsGradient)
    var result = record(output, from: inputs) { [profile] gradient in
      let dx =
        inputNeedsGradient
        ? profile.measure("\(shape), input gradient", work.inputGradient) {
          kernel.inputGradient(gradient, weight: weights, inputShape: inputShape)
        } : nil
      let dw =
        weight.needsGradient
        ? profile.measure("\(shape), weight gradient", work.weightGradient) {
          kernel.weightGradient(operand, dy: gradient)
        } : nil
      guard bias != nil else { return [dx, dw] }
      return [
        dx, dw,
        profile.measure("bias gradient", .moving(gradient.count)) { kernel.biasGradient(gradient) },
      ]
    }
    result.statistics = statistics
    return result
  }

  private func operand(_ x: Variable.Value, of kernel: Convolution) -> ConvolutionOperand {
    switch x {
    case .spikes(let spikes): return .spikes(spikes)
    case .tensor(let tensor) where mode == .shapes || kernel.shape.isSparse: return .tensor(tensor)
    case .tensor(let tensor):
      let counts = profile.measure("sums of spikes to spikes", .moving(2 * tensor.count)) {
        CountPlanes(tensor, for: kernel.shape, parallel)
      }
      return counts.map { .counts($0) } ?? .tensor(tensor)
    }
  }
}
