/// Adam whose step is scaled to the size of each parameter, as timm does it.
///
///     r = u + λ·w
///     w ← w − η·(‖w‖ / ‖r‖)·r
///
/// u is the direction of ``AdamMoments``; without weight decay the ratio is 1, and so it is where a
/// norm is zero. You et al., "Large batch optimization for deep learning" (2020).
public struct LAMB: Optimizer {
  /// β₁, β₂ and ε.
  public var moments: AdamMoments
  /// λ.
  public var weightDecay: Double
  /// The gradient norm over all parameters above which gradients are scaled down.
  public var gradientNormLimit: Double?

  /// Creates the rule.
  public init(
    _ moments: AdamMoments = AdamMoments(epsilon: 1e-6),
    weightDecay: Double = 0.01,
    gradientNormLimit: Double? = 1
  ) {
    self.moments = moments
    self.weightDecay = weightDecay
    self.gradientNormLimit = gradientNormLimit
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
    let decay = step.decays ? Float(weightDecay) : 0
    updateMoments(gradient, &slots, factors, step)
    let ratio = decay == 0 ? 1 : trustRatio(value, slots, factors, decay, step)
    let rate = Float(step.learningRate * ratio)
    let weights = value.mutablePointer
    let (means, squares) = (slots[0].pointer, slots[1].pointer)
    step.forEachBlock(of: value.count) { block in
      for i in block {
        weights[i] -= rate * (factors.direction(means[i], squares[i]) + decay * weights[i])
      }
    }
    withExtendedLifetime(slots) {}
  }

  private func updateMoments(
    _ gradient: Tensor,
    _ slots: inout [Tensor],
    _ factors: AdamMoments.Factors,
    _ step: OptimizerStep
  ) {
    let scale = Float(step.gradientScale)
    let gradients = gradient.pointer
    let (means, squares) = (slots[0].mutablePointer, slots[1].mutablePointer)
    step.forEachBlock(of: gradient.count) { block in
      for i in block {
        let g = scale * gradients[i]
        means[i] = factors.keepMean * means[i] + factors.addMean * g
        squares[i] = factors.keepSquare * squares[i] + factors.addSquare * (g * g)
      }
    }
    withExtendedLifetime(gradient) {}
  }

  /// ‖w‖ / ‖r‖, summed block by block so that it does not depend on the number of threads.
  private func trustRatio(
    _ value: Tensor,
    _ slots: [Tensor],
    _ factors: AdamMoments.Factors,
    _ decay: Float,
    _ step: OptimizerStep
  ) -> Double {
    let (weights, means, squares) = (value.pointer, slots[0].pointer, slots[1].pointer)
    let sums = BlockSums(count: value.count, parallel: step.parallel)
    let weightNorm = sums.squares(of: { weights[$0] }).squareRoot()
    let updateNorm = sums.squares { i in
      factors.direction(means[i], squares[i]) + decay * weights[i]
    }.squareRoot()
    withExtendedLifetime((value, slots)) {}
    return weightNorm > 0 && updateNorm > 0 ? weightNorm / updateNorm : 1
  }
}
