/// x·W + b on the last dimension.
public final class Linear: Layer {
  let weight: Parameter
  let bias: Parameter?

  /// How weights begin.
  public enum Initialization: Sendable {
    /// Torch's default: Kaiming-uniform weights and biases.
    case uniform
    /// Truncated normal weights of this deviation, and zero biases.
    case truncatedNormal(Float)
  }

  /// Creates a layer with weights `[in, out]`.
  public init(
    _ inChannels: Int,
    _ outChannels: Int,
    hasBias: Bool = true,
    initialization: Initialization = .uniform,
    layout: ParameterLayout = .linear,
    using generator: inout SeededGenerator
  ) {
    let shape: Shape = [inChannels, outChannels]
    switch initialization {
    case .uniform:
      weight = Parameter(
        .kaimingUniform(shape, fanIn: inChannels, using: &generator),
        layout: layout
      )
      bias =
        hasBias
        ? Parameter(.kaimingUniform([outChannels], fanIn: inChannels, using: &generator)) : nil
    case .truncatedNormal(let deviation):
      weight = Parameter(
        .truncatedNormal(shape, standardDeviation: deviation, using: &generator),
        layout: layout
      )
      bias = hasBias ? Parameter(.zeros([outChannels])) : nil
    }
  }

  /// Maps `[…, in]` to `[…, out]`.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    pass.linear(x, weight: pass.variable(weight), bias: bias.map(pass.variable))
  }
}
