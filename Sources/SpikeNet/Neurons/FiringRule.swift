import CSpikeKernels

/// When a neuron fires, what a spike does to it, and how gradients pass through both.
public struct FiringRule: Hashable, Codable, Sendable {
  /// The potential at which the neuron fires.
  public var threshold: Float
  /// Whether the potential must exceed the threshold, not just reach it.
  public var isStrict: Bool
  /// What a spike does to the potential.
  public var reset: ResetRule
  /// Whether gradients treat the spike in the reset as a constant.
  public var detachesReset: Bool
  /// The derivative that stands in for that of the spike.
  public var surrogate: SurrogateGradient
  /// What the neuron gives to the layers after it.
  public var output: NeuronOutput

  /// Creates a rule; the defaults are those of the published spiking transformers.
  public init(
    threshold: Float = 1,
    isStrict: Bool = false,
    reset: ResetRule = .to(0),
    detachesReset: Bool = true,
    surrogate: SurrogateGradient = .sigmoid(alpha: 4),
    output: NeuronOutput = .spikes
  ) {
    self.threshold = threshold
    self.isStrict = isStrict
    self.reset = reset
    self.detachesReset = detachesReset
    self.surrogate = surrogate
    self.output = output
  }

  /// Whether a neuron at this potential fires.
  func fires(at potential: Float) -> Bool {
    isStrict ? potential > threshold : potential >= threshold
  }

  /// This rule with a charge to be filled in, as the C kernels read it.
  var c: neuron_rule {
    var rule = neuron_rule()
    rule.threshold = threshold
    rule.strict = isStrict ? 1 : 0
    rule.detaches_reset = detachesReset ? 1 : 0
    rule.surrogate = surrogate.kind
    rule.alpha = surrogate.alpha
    rule.reset_value = reset.restingPotential
    rule.emits_potential = output == .rectifiedPotential ? 1 : 0
    switch reset {
    case .to: rule.reset = RESET_TO_VALUE
    // Late or not, the next step starts from 0, and no gradient passes through the reset.
    case .toZeroLate: rule.reset = RESET_TO_VALUE
    case .subtractThreshold: rule.reset = RESET_SUBTRACT
    case .subtractThresholdLate: rule.reset = RESET_SUBTRACT_LATE
    }
    return rule
  }
}
