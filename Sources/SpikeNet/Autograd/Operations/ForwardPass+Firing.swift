import CSpikeKernels

/// A normalisation on its way into a neuron, and the parameters that it came from.
struct AppliedNormalization {
  let normalization: BatchNormalization
  let gamma: Variable
  let beta: Variable
}

extension ForwardPass {
  /// Integrates and fires over all time steps, after normalising if asked to: `[T, …, C]`.
  ///
  /// - Parameter gain: A learned 1/τ; its gradient is that of the scalar before the sigmoid's slope.
  func firing(
    _ x: Variable,
    rule: neuron_rule,
    normalizedBy applied: AppliedNormalization? = nil,
    gain: Variable? = nil
  ) -> Variable {
    let kernel = LeakyIntegrator(rule: rule, parallel: parallel)
    let input = x.tensor
    let size = input.count
    let norm = applied?.normalization
    let output: Variable.Value =
      rule.emits_potential == 0
      ? .spikes(
        computed(x.shape) {
          profile.measure("neuron, forward", .moving(size)) {
            kernel.forward(input, normalization: norm)
          }
        }
      )
      : .tensor(
        computed(x.shape) {
          profile.measure("neuron, forward", .moving(2 * size)) {
            kernel.potentials(input, normalization: norm)
          }
        }
      )
    var inputs = [x]
    if let applied { inputs += [applied.gamma, applied.beta] }
    if let gain { inputs.append(gain) }
    return record(output, from: inputs) { [profile] gradient in
      let result = profile.measure("neuron, backward", .moving((applied == nil ? 3 : 6) * size)) {
        kernel.backward(
          &gradient,
          input,
          normalization: applied?.normalization,
          needsGain: gain != nil
        )
      }
      var gradients: [Tensor?] = [gradient]
      if let applied, let sums = result.sums {
        gradients.append(Tensor(applied.gamma.shape, sums.product))
        gradients.append(Tensor(applied.beta.shape, sums.gradient))
      }
      if let gain { gradients.append(.filled(gain.shape, with: result.gain)) }
      return gradients
    }
  }

  /// Fires where `potential` reaches the threshold; the surrogate carries the gradient.
  public func spike(_ potential: Variable, by rule: FiringRule) -> Variable {
    let h = potential.tensor
    let fired = computed(h.shape) {
      Spikes(packing: Elementwise.map(h, parallel) { rule.fires(at: $0) ? 1 : 0 })
    }
    return record(fired, from: [potential]) { [parallel] gradient in
      [
        Elementwise.zip(gradient, h, parallel) {
          $0 * rule.surrogate.slope(at: $1 - rule.threshold)
        }
      ]
    }
  }
}
