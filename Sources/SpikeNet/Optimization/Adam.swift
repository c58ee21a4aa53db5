/// Adam with coupled weight decay: the gradient is g + λ·w, and w ← w − η·u.
///
/// u is the direction of ``AdamMoments``, η the learning rate and λ the weight decay.
public struct Adam: Optimizer {
  /// β₁, β₂ and ε.
  public var moments: AdamMoments
  /// λ.
  public var weightDecay: Double

  /// Creates the rule.
  public init(_ moments: AdamMoments = AdamMoments(), weightDecay: Double = 0) {
    self.moments = moments
    self.weightDecay = weightDecay
  }

  /// The running means.
  public var slotNames: [String] { AdamMoments.slotNames }

  /// Moves one parameter.
  public func update(
    _ value: inout Tensor,
    gradient: Tensor,
    slots: inout [Tensor],
    _ step: OptimizerStep
  ) {
    moments.update(&value, gradient: gradient, slots: &slots, decay: .coupled(weightDecay), step)
  }
}
