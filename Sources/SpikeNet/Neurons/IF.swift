import CSpikeKernels

/// Integrate-and-fire without leak: h[t] = v[t−1] + x[t].
public final class IF: SpikingNeuron, FusedNeuron {
  private let rule: FiringRule

  /// Creates a neuron.
  public init(rule: FiringRule = FiringRule()) {
    self.rule = rule
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
    state.fire(at: pass.sum(state.v, current), by: rule, in: pass)
  }

  var kernelRule: neuron_rule {
    var c = rule.c
    c.charge = CHARGE_FULL_INPUT
    c.decay = 1
    return c
  }
}
