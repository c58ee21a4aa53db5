/// The update rule and its constants, in timm's and torch's names.
public struct OptimizerConfiguration: Codable, Hashable, Sendable {
  /// The update rules.
  public enum Rule: String, ConfigurationChoice {
    /// Adam with decoupled weight decay.
    case adamw
    /// Adam with coupled weight decay.
    case adam
    /// Descent with momentum.
    case sgd
    /// Adam with steps in proportion to the weights.
    case lamb
  }

  /// How the learning rate follows the number of samples per step.
  public enum Scaling: String, ConfigurationChoice {
    /// Not at all.
    case none
    /// In proportion.
    case linear
    /// With the square root.
    case sqrt
  }

  /// The update rule.
  public var name = Rule.adamw
  /// The learning rate that the schedule starts from.
  public var learningRate = 1e-3
  /// How the learning rate follows the number of samples per step.
  public var scaling = Scaling.none
  /// The samples per step that the learning rate is meant for, where it is scaled.
  public var scalingBase = 256
  /// The weight decay.
  public var weightDecay = 0.06
  /// Whether vectors, single numbers and biases are exempt from weight decay, as timm does it.
  public var decaysMatricesOnly = true
  /// β₁ and β₂ of Adam and its kin.
  public var betas = [0.9, 0.999]
  /// ε of Adam and its kin.
  public var epsilon = 1e-8
  /// The momentum of `sgd`.
  public var momentum = 0.9
  /// Whether `sgd` looks ahead.
  public var isNesterov = true
  /// The norm to which all gradients together are clipped; 0 for no limit.
  public var gradientNormLimit = 0.0

  /// Creates the default.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case name
    case learningRate = "lr"
    case scaling = "lr_scale"
    case scalingBase = "lr_base_size"
    case weightDecay = "weight_decay"
    case decaysMatricesOnly = "filter_bias_and_bn"
    case betas
    case epsilon = "eps"
    case momentum
    case isNesterov = "nesterov"
    case gradientNormLimit = "clip_grad"
  }

  /// The rule with its constants.
  public var rule: any Optimizer {
    let moments = AdamMoments(
      beta1: betas.first ?? 0.9,
      beta2: betas.last ?? 0.999,
      epsilon: epsilon
    )
    switch name {
    case .adamw: return AdamW(moments, weightDecay: weightDecay)
    case .adam: return Adam(moments, weightDecay: weightDecay)
    case .lamb: return LAMB(moments, weightDecay: weightDecay)
    case .sgd: return SGD(momentum: momentum, weightDecay: weightDecay, isNesterov: isNesterov)
    }
  }

  /// The learning rate that the schedule starts from, for a number of samples per step.
  func scaledLearningRate(samplesPerStep: Int) -> Double {
    let ratio = Double(samplesPerStep) / Double(scalingBase)
    switch scaling {
    case .none: return learningRate
    case .linear: return learningRate * ratio
    case .sqrt: return learningRate * ratio.squareRoot()
    }
  }

  /// Slots for every parameter of a model.
  public func state(for model: any Module) -> OptimizerState {
    OptimizerState(
      rule,
      of: model,
      decay: decaysMatricesOnly ? .matrices : .all,
      gradientNormLimit: gradientNormLimit > 0 ? gradientNormLimit : nil
    )
  }
}
