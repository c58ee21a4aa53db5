import Foundation

extension Tensor {
  /// Creates a tensor of one value.
  public static func filled(_ shape: Shape, with value: Float) -> Tensor {
    var tensor = Tensor(uninitialized: shape)
    tensor.mutablePointer.initialize(repeating: value, count: shape.count)
    return tensor
  }

  /// Creates a tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { filled(shape, with: 0) }

  /// Creates a tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { filled(shape, with: 1) }

  /// Creates a tensor of uniformly distributed values.
  public static func uniform(
    _ shape: Shape,
    in range: Range<Float>,
    using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    Tensor(shape, (0..<shape.count).map { _ in Float.random(in: range, using: &generator) })
  }

  /// Creates a tensor of normally distributed values, by the Box-Muller transform.
  public static func normal(
    _ shape: Shape,
    mean: Float = 0,
    standardDeviation: Float = 1,
    using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let scalars = (0..<shape.count).map { _ in
      mean + standardDeviation * standardNormal(using: &generator)
    }
    return Tensor(shape, scalars)
  }

  /// Creates a tensor of normally distributed values, drawn again while beyond two units.
  ///
  /// The units are absolute, as in timm's `trunc_normal_` with its default bounds of ±2.
  public static func truncatedNormal(
    _ shape: Shape,
    standardDeviation: Float,
    using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let scalars = (0..<shape.count).map { _ in
      var value = standardDeviation * standardNormal(using: &generator)
      while abs(value) > 2 { value = standardDeviation * standardNormal(using: &generator) }
      return value
    }
    return Tensor(shape, scalars)
  }

  /// Creates torch's default weights of convolutions and linear layers.
  ///
  /// Kaiming-uniform with a = √5 is uniform in ±1/√fanIn (He et al., 2015).
  public static func kaimingUniform(
    _ shape: Shape,
    fanIn: Int,
    using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let bound = 1 / Float(max(fanIn, 1)).squareRoot()
    return uniform(shape, in: -bound..<bound, using: &generator)
  }

  private static func standardNormal(using generator: inout some RandomNumberGenerator) -> Float {
    let u = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)
    let angle = Double.random(in: 0..<(2 * .pi), using: &generator)
    return Float((-2 * log(u)).squareRoot() * cos(angle))
  }
}
