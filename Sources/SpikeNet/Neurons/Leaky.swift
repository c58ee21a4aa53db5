import CSpikeKernels

/// Leaky integrate-and-fire as snnTorch defines it: h[t] = β·h[t−1] + x[t] − s[t−1]·threshold.
///
/// With a reset to zero, h[t] = β·h[t−1]·(1 − s[t−1]) + x[t]. The reset comes one step late and
/// passes no gradient; the neuron fires strictly above its threshold. Where: x current, h
/// potential, s spike, β the share of the potential that a step keeps. Eshraghian et al.,
/// "Training spiking neural networks" (2023).
public final class Leaky: SpikingNeuron, FusedNeuron {
  /// The share of its potential that the neuron keeps each step.
  public let beta: Float
  private let rule: FiringRule

  /// The potential above which the neuron fires.
  public var threshold: Float { rule.threshold }

  /// Creates a neuron that keeps a share of `beta` of its potential each step.
  ///
  /// - Parameter resetsToZero: Whether a spike clears the potential; else it costs the threshold.
  public init(
    beta: Float = 0.5,
    threshold: Float = 1,
    resetsToZero: Bool = false,
    surrogate: SurrogateGradient = .fastSigmoid(slope: 25)
  ) {
    self.beta = beta
    rule = FiringRule(
      threshold: threshold,
      isStrict: true,
      reset: resetsToZero ? .toZeroLate : .subtractThresholdLate,
      detachesReset: true,
      surrogate: surrogate
    )
  }

  /// The resting potential everywhere.
  public func initialState(like current: Shape, in pass: ForwardPass) -> MembranePotential {
    .atRest(current, rule)
  }

  /// Charges, fires and resets once.
  public func step(
    _ current: Variable,
    _ state: inout MembranePotential,
    in pass: ForwardPass
  ) -> Variable {
    var kept = state.v
    var paid: Variable?
    if let spikes = state.spikes {
      switch rule.reset {
      case .toZeroLate: kept = pass.difference(kept, pass.product(spikes, kept))
      default: paid = pass.scaled(spikes, by: rule.threshold)
      }
    }
    let h = pass.sum(pass.scaled(kept, by: beta), current)
    return state.fire(at: paid.map { pass.difference(h, $0) } ?? h, by: rule, in: pass)
  }

  var kernelRule: neuron_rule {
    var c = rule.c
    c.charge = CHARGE_FULL_INPUT
    c.decay = beta
    return c
  }
}
