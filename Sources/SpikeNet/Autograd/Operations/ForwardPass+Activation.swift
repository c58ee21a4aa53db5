extension ForwardPass {
  /// The greater of x and 0, whose derivative at 0 is 0.
  public func rectified(_ x: Variable) -> Variable {
    let input = x.tensor
    let value = computed(x.shape) {
      profile.measure("activation, forward", .moving(2 * input.count)) {
        // Not-a-number passes, so that a run that diverged shows it.
        Elementwise.map(input, parallel) { $0 < 0 ? 0 : $0 }
      }
    }
    return record(value, from: [x]) { [parallel, profile] gradient in
      [
        profile.measure("activation, backward", .moving(3 * value.count)) {
          Elementwise.zip(gradient, value, parallel) { $1 > 0 ? $0 : 0 }
        }
      ]
    }
  }

  /// x times the share of the normal distribution below x, in its exact form.
  ///
  /// Hendrycks and Gimpel, "Gaussian error linear units" (2016).
  public func gelu(_ x: Variable) -> Variable {
    let input = x.tensor
    let value = computed(x.shape) {
      profile.measure("activation, forward", .moving(2 * input.count)) {
        GELU.forward(input, parallel)
      }
    }
    return record(value, from: [x]) { [parallel, profile] gradient in
      profile.measure("activation, backward", .moving(3 * input.count)) {
        GELU.differentiate(&gradient, input, parallel)
      }
      return [gradient]
    }
  }
}
