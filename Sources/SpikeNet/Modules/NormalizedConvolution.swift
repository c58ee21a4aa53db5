/// A convolution and the batch normalisation after it.
public final class NormalizedConvolution: Layer {
  let convolution: Conv2D
  let norm: BatchNorm

  /// Creates both.
  public init(
    _ inChannels: Int,
    _ outChannels: Int,
    kernel: Int = 1,
    padding: Int = 0,
    hasBias: Bool = false,
    layout: ParameterLayout = .convolution,
    initialization: WeightInitialization = .uniform,
    using generator: inout SeededGenerator
  ) {
    convolution = Conv2D(
      inChannels,
      outChannels,
      kernel: kernel,
      padding: padding,
      hasBias: hasBias,
      layout: layout,
      using: &generator
    )
    norm = BatchNorm(outChannels)
  }

  /// Convolves and normalises.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    norm(convolution(x, in: pass), in: pass)
  }

  /// Convolves, normalises and adds a residual.
  public func callAsFunction(
    _ x: Variable,
    adding residual: Variable,
    in pass: ForwardPass
  ) -> Variable {
    norm(convolution(x, in: pass), adding: residual, in: pass)
  }

  /// Convolves, normalises and fires.
  public func callAsFunction(
    _ x: Variable,
    into neuron: any SpikingNeuron,
    in pass: ForwardPass
  ) -> Variable {
    neuron(convolution(x, in: pass), after: norm, in: pass)
  }
}
