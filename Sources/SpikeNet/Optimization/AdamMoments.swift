import CSpikeKernels
import Foundation

/// Running means of the gradient and its square; what Adam, AdamW and LAMB share.
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     u = (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// Kingma and Ba, "Adam: a method for stochastic optimization" (2015).
public struct AdamMoments: Hashable, Sendable {
  /// β₁, how slowly the mean forgets.
  public var beta1: Double
  /// β₂, how slowly the mean square forgets.
  public var beta2: Double
  /// ε, which bounds the step where gradients vanish.
  public var epsilon: Double

  /// Creates the constants.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// As torch names them.
  static let slotNames = ["exp_avg", "exp_avg_sq"]

  /// The constants of one step in the precision of the loops.
  struct Factors {
    let keepMean: Float
    let addMean: Float
    let keepSquare: Float
    let addSquare: Float
    let meanScale: Float
    let rootScale: Float
    let epsilon: Float

    init(_ moments: AdamMoments, step: Int) {
      keepMean = Float(moments.beta1)
      addMean = Float(1 - moments.beta1)
      keepSquare = Float(moments.beta2)
      addSquare = Float(1 - moments.beta2)
      meanScale = Float(1 / (1 - pow(moments.beta1, Double(step))))
      rootScale = Float(1 / (1 - pow(moments.beta2, Double(step))).squareRoot())
      epsilon = Float(moments.epsilon)
    }

    /// u, from moments that are up to date.
    @inline(__always)
    func direction(_ mean: Float, _ square: Float) -> Float {
      mean * meanScale / (square.squareRoot() * rootScale + epsilon)
    }
  }
}

extension AdamMoments {
  /// How weight decay enters a step.
  enum Decay {
    /// Adds λ·w to the gradient.
    case coupled(Double)
    /// Shrinks w by η·λ.
    case decoupled(Double)
  }

  /// Moves one parameter and its running means.
  func update(
    _ value: inout Tensor,
    gradient: Tensor,
    slots: inout [Tensor],
    decay: Decay,
    _ step: OptimizerStep
  ) {
    let rule = rule(of: step, decay: decay)
    let (weights, gradients) = (value.mutablePointer, gradient.pointer)
    let (means, squares) = (slots[0].mutablePointer, slots[1].mutablePointer)
    step.forEachBlock(of: value.count) { block in
      var rule = rule
      let first = block.lowerBound
      SpikeKernels.selected.adam_update(
        &rule,
        gradients + first,
        weights + first,
        means + first,
        squares + first,
        block.count
      )
    }
    withExtendedLifetime(gradient) {}
  }

  private func rule(of step: OptimizerStep, decay: Decay) -> adam_rule {
    let factors = Factors(self, step: step.number)
    var rule = adam_rule()
    rule.gradient_scale = Float(step.gradientScale)
    (rule.keep_mean, rule.add_mean) = (factors.keepMean, factors.addMean)
    (rule.keep_square, rule.add_square) = (factors.keepSquare, factors.addSquare)
    (rule.mean_scale, rule.root_scale) = (factors.meanScale, factors.rootScale)
    rule.epsilon = factors.epsilon
    rule.rate = Float(step.learningRate)
    rule.keep_weight = 1
    switch decay {
    case .coupled(let decay) where step.decays: rule.coupled_decay = Float(decay)
    case .decoupled(let decay) where step.decays:
      rule.keep_weight = Float(1 - step.learningRate * decay)
    default: break
    }
    return rule
  }
}
