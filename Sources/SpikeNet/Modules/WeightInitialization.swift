/// How weights begin.
public enum WeightInitialization: Hashable, Sendable {
  /// Torch's default: Kaiming-uniform with a = √5, weights and biases alike.
  case uniform
  /// Normal with this deviation, redrawn beyond ±2, and zero biases.
  case truncatedNormal(Float)

  /// Fresh weights of a shape.
  func weight(
    _ shape: Shape,
    fanIn: Int,
    using generator: inout SeededGenerator
  ) -> Tensor {
    switch self {
    case .uniform: .kaimingUniform(shape, fanIn: fanIn, using: &generator)
    case .truncatedNormal(let deviation):
      .truncatedNormal(shape, standardDeviation: deviation, using: &generator)
    }
  }

  /// Fresh biases.
  func bias(_ count: Int, fanIn: Int, using generator: inout SeededGenerator) -> Tensor {
    switch self {
    case .uniform: .kaimingUniform([count], fanIn: fanIn, using: &generator)
    case .truncatedNormal: .zeros([count])
    }
  }
}
