/// A convolution and the batch normalisation after it.
public final class NormalizedConvolution: Layer {
  let convolution: Conv2D
  let norm: BatchNorm

  /// Creates both.
  ///
  /// - Parameter initialVariance: Where the running variance begins.
  public init(
    _ inChannels: Int,
    _ outChannels: Int,
    kernel: Int = 1,
    stride: Int = 1,
    padding: Int = 0,
    hasBias: Bool = false,
    layout: ParameterLayout = .convolution,
    initialization: WeightInitialization = .uniform,
    initialVariance: Float = 1,
    using generator: inout SeededGenerator
  ) {
    convolution = Conv2D(
      inChannels,
      outChannels,
      kernel: kernel,
      stride: stride,
      padding: padding,
      hasBias: hasBias,
      layout: layout,
      initialization: initialization,
      using: &generator
    )
    norm = BatchNorm(outChannels, initialVariance: initialVariance)
  }

  /// Convolves, and normalises unless a normalisation is returned to be applied later.
  ///
  /// With running statistics the normalisation is part of the weights, and nothing is left to do.
  func convolve(_ x: Variable, in pass: ForwardPass) -> (output: Variable, left: BatchNorm?) {
    guard pass.mode == .inference else { return (convolution(x, in: pass), norm) }
    return (convolution(x, folding: norm, in: pass), nil)
  }

  /// Convolves and normalises.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let (y, norm) = convolve(x, in: pass)
    return norm.map { $0(y, in: pass) } ?? y
  }

  /// Convolves, normalises and adds a residual.
  public func callAsFunction(
    _ x: Variable,
    adding residual: Variable,
    in pass: ForwardPass
  ) -> Variable {
    let (y, norm) = convolve(x, in: pass)
    return norm.map { $0(y, adding: residual, in: pass) } ?? pass.sum(y, residual)
  }

  /// Convolves, normalises and fires.
  public func callAsFunction(
    _ x: Variable,
    into neuron: any SpikingNeuron,
    in pass: ForwardPass
  ) -> Variable {
    let (y, norm) = convolve(x, in: pass)
    return neuron(y, after: norm, in: pass)
  }
}
