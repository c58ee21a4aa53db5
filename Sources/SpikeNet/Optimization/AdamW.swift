/// Adam with decoupled weight decay: w ← w·(1 − η·λ) − η·u.
///
/// u is the direction of ``AdamMoments``, η the learning rate and λ the weight decay.
/// Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).
public struct AdamW: Optimizer {
  /// β₁, β₂ and ε.
  public var moments: AdamMoments
  /// λ.
  public var weightDecay: Double

  /// Creates the rule.
  public init(_ moments: AdamMoments = AdamMoments(), weightDecay: Double = 0.01) {
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
    moments.update(&value, gradient: gradient, slots: &slots, decay: .decoupled(weightDecay), step)
  }
}
