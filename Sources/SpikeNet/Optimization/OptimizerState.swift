/// The parameters of a model, their slots, and the rule that moves them.
public struct OptimizerState {
  /// Which parameters weight decay applies to.
  public enum DecayGroups: String, Codable, CaseIterable, Sendable {
    /// As timm: not to vectors and biases.
    case matrices
    /// To every parameter.
    case all
  }

  /// One parameter and what its rule remembers of it.
  struct Entry {
    let name: String
    let parameter: Parameter
    let decays: Bool
    var slots: [Tensor]
    var steps = 0
  }

  /// The rule.
  public let rule: any Optimizer
  /// The norm over all gradients to which they are clipped; nil for no limit.
  public var gradientNormLimit: Double?
  var entries: [Entry]

  /// Creates slots of zeros for every parameter of a model.
  public init(
    _ rule: any Optimizer,
    of model: any Module,
    decay: DecayGroups = .matrices,
    gradientNormLimit: Double? = nil
  ) {
    self.rule = rule
    self.gradientNormLimit = gradientNormLimit
    entries = model.namedParameters.map { name, parameter in
      Entry(
        name: name,
        parameter: parameter,
        decays: decay == .all || Self.isMatrix(name, parameter),
        slots: rule.slotNames.map { _ in .zeros(parameter.shape) }
      )
    }
  }

  /// Whether timm decays a parameter; it looks at the shape in checkpoints.
  private static func isMatrix(_ name: String, _ parameter: Parameter) -> Bool {
    let rank = parameter.layout.exportedShape(of: parameter.shape).rank
    return rank != 1 && name != "bias" && !name.hasSuffix(".bias")
  }

  /// Moves every parameter that has a gradient; the others are not touched at all.
  ///
  /// - Returns: The norm over all gradients, before clipping. If it is not finite, nothing moved.
  @discardableResult
  public mutating func apply(
    _ gradients: Gradients,
    learningRate: Double,
    _ parallel: Parallel = .allCores
  ) -> Double {
    apply({ gradients[$0] }, learningRate: learningRate, parallel)
  }

  /// Moves every parameter for which `gradient` returns one.
  @discardableResult
  package mutating func apply(
    _ gradient: (Parameter) -> Tensor?,
    learningRate: Double,
    _ parallel: Parallel
  ) -> Double {
    let gradients = entries.map { gradient($0.parameter) }
    let norm = GradientClipping.norm(of: gradients.compactMap(\.self), parallel)
    guard norm.isFinite else { return norm }
    let scale =
      [gradientNormLimit, rule.gradientNormLimit].compactMap(\.self)
      .map { GradientClipping.scale(norm: norm, limit: $0) }.min() ?? 1
    for index in entries.indices {
      guard let gradient = gradients[index] else { continue }
      let parameter = entries[index].parameter
      precondition(
        gradient.shape == parameter.shape,
        "optimizer: gradient \(gradient.shape) of \(entries[index].name) \(parameter.shape)"
      )
      entries[index].steps += 1
      let step = OptimizerStep(
        number: entries[index].steps,
        learningRate: learningRate,
        decays: entries[index].decays,
        gradientScale: scale,
        parallel: parallel
      )
      rule.update(&parameter.value, gradient: gradient, slots: &entries[index].slots, step)
    }
    return norm
  }
}
