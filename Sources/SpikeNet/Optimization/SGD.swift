/// Stochastic gradient descent with momentum, as torch does it.
///
///     g ← g + λ·w
///     b ← μ·b + g
///     w ← w − η·b            (Nesterov: w ← w − η·(g + μ·b))
///
/// where λ is the weight decay, μ the momentum and η the learning rate.
public struct SGD: Optimizer {
  /// μ; 0 for plain descent.
  public var momentum: Double
  /// λ.
  public var weightDecay: Double
  /// Whether the step looks ahead; what timm calls `sgd` does.
  public var isNesterov: Bool

  /// Creates the rule.
  public init(momentum: Double = 0.9, weightDecay: Double = 0, isNesterov: Bool = false) {
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
  }

  /// The running sum of gradients; nothing without momentum.
  public var slotNames: [String] { momentum == 0 ? [] : ["momentum_buffer"] }

  /// Moves one parameter.
  public func update(
    _ value: inout Tensor,
    gradient: Tensor,
    slots: inout [Tensor],
    _ step: OptimizerStep
  ) {
    let rate = Float(step.learningRate)
    let decay = step.decays ? Float(weightDecay) : 0
    let scale = Float(step.gradientScale)
    let (weights, gradients) = (value.mutablePointer, gradient.pointer)
    guard momentum != 0 else {
      step.forEachBlock(of: value.count) { block in
        for i in block { weights[i] -= rate * (scale * gradients[i] + decay * weights[i]) }
      }
      return withExtendedLifetime(gradient) {}
    }
    let sums = slots[0].mutablePointer
    let kept = Float(momentum)
    let (direct, lookahead): (Float, Float) = isNesterov ? (1, Float(momentum)) : (0, 1)
    step.forEachBlock(of: value.count) { block in
      for i in block {
        let g = scale * gradients[i] + decay * weights[i]
        let sum = kept * sums[i] + g
        sums[i] = sum
        weights[i] -= rate * (direct * g + lookahead * sum)
      }
    }
    withExtendedLifetime(gradient) {}
  }
}
