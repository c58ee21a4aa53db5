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
    let factors = AdamMoments.Factors(moments, step: step.number)
    let rate = Float(step.learningRate)
    let decay = step.decays ? Float(weightDecay) : 0
    let scale = Float(step.gradientScale)
    let (weights, gradients) = (value.mutablePointer, gradient.pointer)
    let (means, squares) = (slots[0].mutablePointer, slots[1].mutablePointer)
    step.forEachBlock(of: value.count) { block in
      for i in block {
        let g = scale * gradients[i] + decay * weights[i]
        let mean = factors.keepMean * means[i] + factors.addMean * g
        let square = factors.keepSquare * squares[i] + factors.addSquare * (g * g)
        (means[i], squares[i]) = (mean, square)
        weights[i] -= rate * factors.direction(mean, square)
      }
    }
    withExtendedLifetime(gradient) {}
  }
}
