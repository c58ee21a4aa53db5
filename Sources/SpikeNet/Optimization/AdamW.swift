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
    let factors = AdamMoments.Factors(moments, step: step.number)
    let rate = Float(step.learningRate)
    let kept = step.decays ? Float(1 - step.learningRate * weightDecay) : 1
    let scale = Float(step.gradientScale)
    let (weights, gradients) = (value.mutablePointer, gradient.pointer)
    let (means, squares) = (slots[0].mutablePointer, slots[1].mutablePointer)
    step.forEachBlock(of: value.count) { block in
      for i in block {
        let g = scale * gradients[i]
        let mean = factors.keepMean * means[i] + factors.addMean * g
        let square = factors.keepSquare * squares[i] + factors.addSquare * (g * g)
        (means[i], squares[i]) = (mean, square)
        weights[i] = weights[i] * kept - rate * factors.direction(mean, square)
      }
    }
    withExtendedLifetime(gradient) {}
  }
}
