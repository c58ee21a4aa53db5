/// A neuron: it turns currents over time into spikes, or into potentials if its rule says so.
///
/// A neuron is its `step`; the extension runs it over T. State lives inside one call and is never
/// reset by hand. Neurons with a fused kernel conform to ``FusedNeuron`` as well.
public protocol SpikingNeuron: Layer {
  /// What a neuron remembers from one time step to the next.
  associatedtype State

  /// The state before the first step, for currents of this shape (without T).
  func initialState(like current: Shape, in pass: ForwardPass) -> State

  /// Takes one step: currents `[B, …, C]` to outputs of the same shape.
  func step(_ current: Variable, _ state: inout State, in pass: ForwardPass) -> Variable
}

extension SpikingNeuron {
  /// Turns currents `[T, B, …, C]` into outputs of the same shape.
  public func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable {
    callAsFunction(x, after: nil, in: pass)
  }

  /// Normalises currents and turns them into outputs; fused neurons do both in one loop.
  public func callAsFunction(
    _ x: Variable,
    after norm: BatchNorm?,
    in pass: ForwardPass
  ) -> Variable {
    let output =
      (self as? any FusedNeuron)?.fire(x, after: norm, in: pass)
      ?? runSteps(norm.map { $0(x, in: pass) } ?? x, in: pass)
    pass.observer?(self, output)
    pass.report(self, .neuron, of: x, to: output.shape)
    return output
  }

  /// Runs `step` over all time steps, as the oracle of the fused kernels.
  package func runSteps(_ x: Variable, in pass: ForwardPass) -> Variable {
    var state = initialState(like: Shape(Array(x.shape.dimensions.dropFirst())), in: pass)
    return pass.stacked(
      (0..<x.shape[0]).map { step(pass.timeStep(x, $0), &state, in: pass) }
    )
  }
}
