import CSpikeKernels
import Foundation

/// LIF with a learned time constant: 1/τ = sigmoid(w), w begins at −ln(τ₀ − 1).
///
/// Fang et al., "Incorporating learnable membrane time constant" (2021); the equations are those of
/// ``LIF`` with 1/τ as a factor.
public final class PLIF: SpikingNeuron, FusedNeuron {
  let w: Parameter
  private let decaysInput: Bool
  private let rule: FiringRule

  /// Creates a neuron.
  ///
  /// - Parameter initialTimeConstant: τ₀, above 1.
  public init(
    initialTimeConstant: Float = 2,
    decaysInput: Bool = true,
    rule: FiringRule = FiringRule()
  ) {
    precondition(initialTimeConstant > 1, "PLIF: τ₀ = \(initialTimeConstant) is not above 1")
    w = Parameter(Tensor([], [-log(initialTimeConstant - 1)]))
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
    let gain = pass.sigmoid(pass.variable(w))
    let deviation = pass.shifted(state.v, by: -rule.reset.restingPotential)
    let h =
      decaysInput
      ? pass.sum(state.v, pass.scaled(pass.difference(current, deviation), by: gain))
      : pass.sum(pass.difference(state.v, pass.scaled(deviation, by: gain)), current)
    return state.fire(at: h, by: rule, in: pass)
  }

  private var gain: Float { SigmoidFunction.value(w.value.scalar) }

  var kernelRule: neuron_rule {
    var c = rule.c
    c.charge = decaysInput ? CHARGE_DECAYED_INPUT : CHARGE_FULL_INPUT
    c.gain = gain
    c.tau = 1 / gain
    c.decay = 1 - gain
    return c
  }

  /// What the kernel differentiates by: the gain, or with undecayed input 1 minus it.
  func gain(in pass: ForwardPass) -> Variable? {
    let gain = pass.sigmoid(pass.variable(w))
    return decaysInput ? gain : pass.shifted(pass.scaled(gain, by: -1), by: 1)
  }
}
