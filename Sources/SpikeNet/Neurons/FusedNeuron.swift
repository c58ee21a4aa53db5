import CSpikeKernels

/// A neuron whose whole run over time is one kernel.
protocol FusedNeuron: SpikingNeuron {
  /// How the kernel charges, fires and resets.
  var kernelRule: neuron_rule { get }

  /// The learned gain of the charge, if there is one.
  func gain(in pass: ForwardPass) -> Variable?
}

extension FusedNeuron {
  func gain(in pass: ForwardPass) -> Variable? { nil }

  func fire(_ x: Variable, after norm: BatchNorm?, in pass: ForwardPass) -> Variable {
    pass.firing(
      x,
      rule: kernelRule,
      normalizedBy: norm?.applied(to: x, in: pass),
      gain: gain(in: pass)
    )
  }
}
