import CSpikeKernels

/// Leaky integrate-and-fire.
///
/// h[t] = v[t−1] + (x[t] − (v[t−1] − v_rest)) / τ, or with the input not decayed
/// h[t] = v[t−1] − (v[t−1] − v_rest) / τ + x[t]; a spike where h reaches the threshold; then the
/// reset. Where: x current, v potential after the reset, h potential before it, τ time constant in
/// steps, v_rest the value of a hard reset, else 0. SpikingJelly's LIFNode.
public final class LIF: SpikingNeuron, FusedNeuron {
  private let timeConstant: Float
  private let decaysInput: Bool
  private let rule: FiringRule

  /// Creates a neuron.
  ///
  /// - Parameters:
  ///   - timeConstant: τ, above 1.
  ///   - decaysInput: Whether the current is divided by τ too.
  public init(timeConstant: Float = 2, decaysInput: Bool = true, rule: FiringRule = FiringRule()) {
    precondition(timeConstant > 1, "LIF: time constant \(timeConstant) is not above 1")
    self.timeConstant = timeConstant
    self.decaysInput = decaysInput
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
    let deviation = pass.shifted(state.v, by: -rule.reset.restingPotential)
    let h =
      decaysInput
      ? pass.sum(state.v, pass.scaled(pass.difference(current, deviation), by: 1 / timeConstant))
      : pass.sum(pass.difference(state.v, pass.scaled(deviation, by: 1 / timeConstant)), current)
    return state.fire(at: h, by: rule, in: pass)
  }

  var kernelRule: neuron_rule {
    var c = rule.c
    c.charge = decaysInput ? CHARGE_DECAYED_INPUT : CHARGE_FULL_INPUT
    c.tau = timeConstant
    c.gain = 1 / timeConstant
    c.decay = 1 - 1 / timeConstant
    // Dividing rounds as the equation does; by a power of two, multiplying rounds the same.
    c.divides = timeConstant.significand == 1 ? 0 : 1
    return c
  }
}
