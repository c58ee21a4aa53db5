/// Attention of real numbers among tokens or time steps, between two linear layers.
final class SoftmaxSelfAttention: Module {
  private let projections: Linear
  private let projection: Linear
  private let heads: Int
  private let axis: AttendedAxis

  init(
    _ channels: Int,
    heads: Int,
    over axis: AttendedAxis,
    hasBias: Bool,
    using generator: inout SeededGenerator
  ) {
    projections = Linear(
      channels,
      3 * channels,
      hasBias: hasBias,
      initialization: .truncatedNormal(0.02),
      using: &generator
    )
    projection = Linear(
      channels,
      channels,
      initialization: .truncatedNormal(0.02),
      using: &generator
    )
    self.heads = heads
    self.axis = axis
  }

  /// Maps `[T, B, N, C]` to the same shape.
  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    let projected = projections(x, in: pass)
    let attended = pass.softmaxAttention(projected, heads: heads, over: axis)
    pass.report(self, .attention(shape(of: x.shape)), of: projected, to: attended.shape)
    return projection(attended, in: pass)
  }

  private func shape(of x: Shape) -> AttentionShape {
    AttentionShape(
      form: .softmax,
      sequences: axis == .tokens ? x[0] * x[1] : x[1] * x[2],
      tokens: axis == .tokens ? x[2] : x[0],
      heads: heads,
      headWidth: x.channels / heads
    )
  }

  /// The authors' and timm's names of the members.
  static let names = [("projections", "qkv"), ("projection", "proj")]
}
