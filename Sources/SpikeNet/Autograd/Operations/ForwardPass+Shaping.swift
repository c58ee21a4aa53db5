extension ForwardPass {
  /// The same elements under other dimensions.
  public func reshaped(_ x: Variable, to shape: Shape) -> Variable {
    switch x.value {
    case .tensor(let tensor):
      return record(tensor.reshaped(shape), from: [x]) { [$0.reshaped(x.shape)] }
    case .spikes(let spikes):
      let value = computed(shape) { spikes.reshaped(shape) }
      return record(value, from: [x]) { [$0.reshaped(x.shape)] }
    }
  }

  /// Reorders dimensions: dimension `i` of the result is dimension `axes[i]` of `x`.
  public func permuted(_ x: Variable, _ axes: [Int]) -> Variable {
    let back = axes.indices.map { axes.firstIndex(of: $0) ?? $0 }
    let shape = Shape(axes.map { x.shape[$0] })
    let pullback: Pullback = { [$0.permuted(back)] }
    switch x.value {
    case .spikes(let spikes):
      let value = computed(shape) { Spikes(packing: spikes.tensor.permuted(axes)) }
      return record(value, from: [x], pullback)
    case .tensor(let tensor):
      return record(computed(shape) { tensor.permuted(axes) }, from: [x], pullback)
    }
  }

  /// One step of `[T, …]`, without the first dimension.
  public func timeStep(_ x: Variable, _ step: Int) -> Variable {
    let shape = Shape(Array(x.shape.dimensions.dropFirst()))
    let tensor = x.tensor
    let part = computed(shape) {
      Tensor(shape, Array(tensor.scalars[step * shape.count..<(step + 1) * shape.count]))
    }
    return record(part, from: [x]) { gradient in
      var whole = Tensor.zeros(x.shape)
      (whole.mutablePointer + step * shape.count).update(
        from: gradient.pointer,
        count: shape.count
      )
      return [whole]
    }
  }

  /// Joins steps of equal shape along a new first dimension; spikes stay spikes.
  public func stacked(_ steps: [Variable]) -> Variable {
    precondition(!steps.isEmpty, "stacked: no steps")
    let shape = steps[0].shape
    let stack = Shape([steps.count] + shape.dimensions)
    let whole = computed(stack) { Tensor(stack, steps.flatMap { $0.tensor.scalars }) }
    let pullback: Pullback = { gradient in
      let scalars = gradient.scalars
      return steps.indices.map {
        Tensor(shape, Array(scalars[$0 * shape.count..<($0 + 1) * shape.count]))
      }
    }
    let areSpikes = steps.allSatisfy { if case .spikes = $0.value { true } else { false } }
    return areSpikes
      ? record(Spikes(packing: whole), from: steps, pullback)
      : record(whole, from: steps, pullback)
  }
}
