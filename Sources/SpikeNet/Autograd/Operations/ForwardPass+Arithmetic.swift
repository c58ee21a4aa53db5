extension ForwardPass {
  /// Adds two values of equal shape.
  public func sum(_ a: Variable, _ b: Variable) -> Variable {
    let value = computed(a.shape) {
      profile.measure("sum", .moving(3 * a.shape.count)) {
        switch (a.value, b.value) {
        case (.tensor(let a), .spikes(let b)), (.spikes(let b), .tensor(let a)):
          Elementwise.sum(a, b, parallel)
        default: Elementwise.sum(a.tensor, b.tensor, parallel)
        }
      }
    }
    return record(value, from: [a, b]) { [$0, $0] }
  }

  /// Subtracts `b` from `a`.
  public func difference(_ a: Variable, _ b: Variable) -> Variable {
    sum(a, scaled(b, by: -1))
  }

  /// Multiplies two values of equal shape, element by element.
  public func product(_ a: Variable, _ b: Variable) -> Variable {
    let (left, right) = (a.tensor, b.tensor)
    let value = computed(a.shape) { Elementwise.product(left, right, parallel) }
    return record(value, from: [a, b]) { [parallel] gradient in
      [
        a.needsGradient ? Elementwise.product(gradient, right, parallel) : nil,
        b.needsGradient ? Elementwise.product(gradient, left, parallel) : nil,
      ]
    }
  }

  /// Multiplies by a constant.
  public func scaled(_ a: Variable, by factor: Float) -> Variable {
    let value = computed(a.shape) { Elementwise.scaled(a.tensor, by: factor, parallel) }
    return record(value, from: [a]) { [parallel] gradient in
      [Elementwise.scaled(gradient, by: factor, parallel)]
    }
  }

  /// Adds a constant to every element.
  public func shifted(_ a: Variable, by offset: Float) -> Variable {
    let value = computed(a.shape) { Elementwise.map(a.tensor, parallel) { $0 + offset } }
    return record(value, from: [a]) { [$0] }
  }

  /// Multiplies every element by a learned scalar.
  public func scaled(_ a: Variable, by factor: Variable) -> Variable {
    let (value, scale) = (a.tensor, factor.tensor.scalar)
    let scaled = computed(a.shape) { Elementwise.scaled(value, by: scale, parallel) }
    return record(scaled, from: [a, factor]) { [parallel] gradient in
      let products = Elementwise.product(gradient, value, parallel)
      let total = products.scalars.reduce(0.0) { $0 + Double($1) }
      return [
        Elementwise.scaled(gradient, by: scale, parallel),
        .filled(factor.shape, with: Float(total)),
      ]
    }
  }

  /// Applies 1 / (1 + exp(−x)).
  public func sigmoid(_ a: Variable) -> Variable {
    let value = computed(a.shape) { Elementwise.map(a.tensor, parallel, SigmoidFunction.value) }
    return record(value, from: [a]) { [parallel] gradient in
      [Elementwise.zip(gradient, value, parallel) { $0 * $1 * (1 - $1) }]
    }
  }

  /// The same value, through which no gradient passes.
  public func detached(_ a: Variable) -> Variable {
    Variable(a.value, node: nil)
  }
}
