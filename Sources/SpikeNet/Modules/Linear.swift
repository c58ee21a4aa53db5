/// x·W + b on the last dimension.
public final class Linear: Layer {
  let weight: Parameter
  let bias: Parameter?

  /// Creates a layer with weights `[in, out]`.
  public init(
    _ inChannels: Int,
    _ outChannels: Int,
    hasBias: Bool = true,
    initialization: WeightInitialization = .uniform,
    layout: ParameterLayout = .linear,
    using generator: inout SeededGenerator
  ) {
    let shape: Shape = [inChannels, outChannels]
    weight = initialization.parameter(
      shape,
      fanIn: inChannels,
      layout: layout,
      using: &generator
    )
    bias =
      hasBias
      ? Parameter(initialization.bias(outChannels, fanIn: inChannels, using: &generator)) : nil
  }

  /// Maps `[…, in]` to `[…, out]`.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let y = pass.linear(x, weight: pass.variable(weight), bias: bias.map(pass.variable))
    pass.report(self, .linear, of: x, to: y.shape)
    return y
  }
}
