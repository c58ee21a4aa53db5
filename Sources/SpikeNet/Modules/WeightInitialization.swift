/// How weights begin.
public enum WeightInitialization: Hashable, Sendable {
  /// Torch's default: Kaiming-uniform with a = √5, weights and biases alike.
  case uniform
  /// Normal with this deviation, redrawn beyond ±2, and zero biases.
  case truncatedNormal(Float)
  /// Normal with variance 2 / fan, for layers before a rectifier, and zero biases (He et al., 2015).
  case kaimingNormal(Fan)
  /// All zeros.
  case zeros

  /// The connections that a normal deviation is scaled by.
  public enum Fan: Hashable, Sendable {
    /// Those into one output.
    case input
    /// Those out of one input.
    case output
  }

  /// Fresh weights, drawn when they are first asked for from a stream of their own.
  func parameter(
    _ shape: Shape,
    fanIn: Int,
    layout: ParameterLayout = .plain,
    using generator: inout SeededGenerator
  ) -> Parameter {
    let seed = generator.next()
    return Parameter(shape, layout: layout) {
      var generator = SeededGenerator(seed: seed)
      return weight(shape, fanIn: fanIn, using: &generator)
    }
  }

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
    case .kaimingNormal(let fan):
      .normal(
        shape,
        standardDeviation: (2 / Float(fan == .input ? fanIn : shape.count / shape[-2]))
          .squareRoot(),
        using: &generator
      )
    case .zeros: .zeros(shape)
    }
  }

  /// Fresh biases.
  func bias(_ count: Int, fanIn: Int, using generator: inout SeededGenerator) -> Tensor {
    switch self {
    case .uniform: .kaimingUniform([count], fanIn: fanIn, using: &generator)
    case .truncatedNormal, .kaimingNormal, .zeros: .zeros([count])
    }
  }
}
