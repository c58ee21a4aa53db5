/// Convolution over feature maps `[…, H, W, in]` with square windows.
public final class Conv2D: Layer {
  let weight: Parameter
  let bias: Parameter?
  let stride: Int
  let padding: Int
  /// Whether a batch normalisation follows, so that statistics are gathered on the way.
  let isNormalized: Bool

  /// Creates a convolution.
  ///
  /// - Parameters:
  ///   - kernel: Side of the window.
  ///   - hasBias: Whether there is a bias of one value per output channel.
  ///   - isNormalized: Whether a ``BatchNorm`` follows directly.
  ///   - layout: How checkpoints store the weights.
  public init(
    _ inChannels: Int,
    _ outChannels: Int,
    kernel: Int = 1,
    stride: Int = 1,
    padding: Int = 0,
    hasBias: Bool = false,
    isNormalized: Bool = true,
    layout: ParameterLayout = .convolution,
    initialization: WeightInitialization = .uniform,
    using generator: inout SeededGenerator
  ) {
    let fanIn = inChannels * kernel * kernel
    let shape: Shape = [kernel, kernel, inChannels, outChannels]
    weight = initialization.parameter(shape, fanIn: fanIn, layout: layout, using: &generator)
    bias =
      hasBias
      ? Parameter(initialization.bias(outChannels, fanIn: fanIn, using: &generator)) : nil
    self.stride = stride
    self.padding = padding
    self.isNormalized = isNormalized
  }

  /// Convolves `[…, H, W, in]` to `[…, outHeight, outWidth, out]`.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let y = pass.convolution(
      x,
      weight: pass.variable(weight),
      bias: bias.map(pass.variable),
      stride: stride,
      padding: padding,
      measuring: isNormalized && pass.mode == .training
    )
    report(x, y, in: pass)
    return y
  }

  private func report(_ x: Variable, _ y: Variable, in pass: ForwardPass) {
    let kernel = weight.shape[0]
    pass.report(self, .convolution(kernel: kernel, stride: stride), of: x, to: y.shape)
  }

  /// Convolves with weights that contain a normalisation by running statistics:
  /// γ·(w·x + b − mean)/σ + β = (w·γ/σ)·x + (b − mean)·γ/σ + β.
  func callAsFunction(_ x: Variable, folding norm: BatchNorm, in pass: ForwardPass) -> Variable {
    let normalization = norm.runningNormalization
    let (scale, shift) = (normalization.scale, normalization.shift)
    var bias = bias?.value ?? .zeros([weight.value.shape.channels])
    for channel in 0..<bias.count {
      bias[channel] = bias[channel] * scale[channel] + shift[channel]
    }
    let y = pass.convolution(
      x,
      weight: Variable(normalization.scaled(weight.value)),
      bias: Variable(bias),
      stride: stride,
      padding: padding
    )
    report(x, y, in: pass)
    return y
  }
}
