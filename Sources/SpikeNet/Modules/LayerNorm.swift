/// Layer normalisation over the channels of every row (Ba et al., 2016).
public final class LayerNorm: Layer {
  let weight: Parameter
  let bias: Parameter
  private let epsilon: Float

  /// Creates a normalisation that begins without scale and shift.
  public init(_ channels: Int, epsilon: Float = 1e-6) {
    weight = Parameter(.ones([channels]))
    bias = Parameter(.zeros([channels]))
    self.epsilon = epsilon
  }

  /// Normalises `[…, C]`.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let y = pass.layerNormalization(
      x,
      gamma: pass.variable(weight),
      beta: pass.variable(bias),
      epsilon: epsilon
    )
    pass.report(self, .normalization, of: x, to: y.shape)
    return y
  }
}
