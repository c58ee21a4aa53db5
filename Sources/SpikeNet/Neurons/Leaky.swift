import CSpikeKernels

/// Leaky integrate-and-fire as snnTorch defines it: h[t] = β·h[t−1] + x[t] − s[t−1]·threshold.
///
/// The reset comes one step late and passes no gradient; the neuron fires strictly above its
/// threshold. Eshraghian et al., "Training spiking neural networks" (2023).
public final class Leaky: SpikingNeuron, FusedNeuron {
  private let beta: Float
  private let rule: FiringRule

  /// Creates a neuron that keeps a share of `beta` of its potential each step.
  public init(
    beta: Float = 0.5,
    threshold: Float = 1,
    surrogate: SurrogateGradient = .fastSigmoid(slope: 25)
  ) {
    self.beta = beta
    rule = FiringRule(
      threshold: threshold,
      isStrict: true,
      reset: .subtractThresholdLate,
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
    var h = pass.sum(pass.scaled(state.v, by: beta), current)
    if let spikes = state.spikes {
      h = pass.difference(h, pass.scaled(spikes, by: rule.threshold))
    }
    return state.fire(at: h, by: rule, in: pass)
  }

  var kernelRule: neuron_rule {
    var c = rule.c
    c.charge = CHARGE_FULL_INPUT
    c.decay = beta
    return c
  }
}
