/// Which neuron a model is made of, as configurations and checkpoints say it.
public struct NeuronConfiguration: Hashable, Codable, Sendable {
  /// Which neuron.
  public var kind: NeuronKind
  /// Time constant in steps; where it is learned, its first value.
  public var tau: Float
  /// The potential at which the neuron fires.
  public var vThreshold: Float
  /// The potential after a spike; nil subtracts the threshold instead.
  public var vReset: Float?
  /// Whether the current is divided by the time constant too.
  public var decayInput: Bool
  /// Whether gradients treat the spike in the reset as a constant.
  public var detachReset: Bool
  /// The derivative that stands in for that of the spike.
  public var surrogate: SurrogateKind
  /// The steepness of the surrogate.
  public var alpha: Float

  enum CodingKeys: String, CodingKey {
    case kind, tau, surrogate, alpha
    case vThreshold = "v_threshold"
    case vReset = "v_reset"
    case decayInput = "decay_input"
    case detachReset = "detach_reset"
  }

  /// The neuron of the published spiking transformers.
  public init(tau: Float = 2) {
    kind = .leaky
    self.tau = tau
    vThreshold = 1
    vReset = 0
    decayInput = true
    detachReset = true
    surrogate = .sigmoid
    alpha = 4
  }

  /// Writes every key, an absent reset potential as null, so that a file shows what can be set.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(tau, forKey: .tau)
    try container.encode(vThreshold, forKey: .vThreshold)
    try container.encode(vReset, forKey: .vReset)
    try container.encode(decayInput, forKey: .decayInput)
    try container.encode(detachReset, forKey: .detachReset)
    try container.encode(surrogate, forKey: .surrogate)
    try container.encode(alpha, forKey: .alpha)
  }

  private var surrogateGradient: SurrogateGradient {
    switch surrogate {
    case .sigmoid: .sigmoid(alpha: alpha)
    case .atan: .arcTangent(alpha: alpha)
    case .piecewiseQuadratic: .piecewiseQuadratic(alpha: alpha)
    case .softSign: .softSign(alpha: alpha)
    case .fastSigmoid: .fastSigmoid(slope: alpha)
    case .rectangle: .rectangle(alpha: alpha)
    }
  }

  /// Refuses a surrogate without a slope, and potentials that are no numbers.
  func validate() throws(SpikeNetError) {
    guard alpha > 0, alpha.isFinite else {
      throw SpikeNetError(.configuration, "model.neuron.alpha = \(alpha), expected more than 0")
    }
    guard vThreshold.isFinite, vReset?.isFinite ?? true else {
      throw SpikeNetError(
        .configuration,
        "model.neuron.v_threshold = \(vThreshold) or v_reset is not a finite number"
      )
    }
  }

  /// Refuses a neuron that gives real numbers where a model computes on spikes.
  func validateSpikes() throws(SpikeNetError) {
    try validate()
    guard kind.output == .spikes else {
      throw SpikeNetError(
        .configuration,
        "model.neuron.kind = \(kind.rawValue) gives potentials, this model needs spikes; use "
          + "if, lif or plif"
      )
    }
  }

  /// Makes one neuron, with another threshold if one is given.
  public func makeNeuron(threshold: Float? = nil) -> any SpikingNeuron {
    let rule = FiringRule(
      threshold: threshold ?? vThreshold,
      reset: vReset.map(ResetRule.to) ?? .subtractThreshold,
      detachesReset: detachReset,
      surrogate: surrogateGradient,
      output: kind.output
    )
    switch kind {
    case .integrateAndFire: return IF(rule: rule)
    case .leaky, .analogLeaky:
      return LIF(timeConstant: tau, decaysInput: decayInput, rule: rule)
    case .parametricLeaky, .analogParametricLeaky:
      return PLIF(initialTimeConstant: tau, decaysInput: decayInput, rule: rule)
    }
  }
}
