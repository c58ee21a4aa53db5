extension ForwardPass {
  /// The same elements under other dimensions.
  public func reshaped(_ x: Variable, to shape: Shape) -> Variable {
    switch x.value {
    case .tensor(let tensor):
      return record(tensor.reshaped(shape), from: [x]) { [$0.reshaped(x.shape)] }
    case .spikes(let spikes):
      return record(spikes.reshaped(shape), from: [x]) { [$0.reshaped(x.shape)] }
    }
  }

  /// Reorders dimensions: dimension `i` of the result is dimension `axes[i]` of `x`.
  public func permuted(_ x: Variable, _ axes: [Int]) -> Variable {
    let back = axes.indices.map { axes.firstIndex(of: $0) ?? $0 }
    let value = x.tensor.permuted(axes)
    let pullback: Pullback = { [$0.permuted(back)] }
    if case .spikes = x.value { return record(Spikes(packing: value), from: [x], pullback) }
    return record(value, from: [x], pullback)
  }

  /// One step of `[T, …]`, without the first dimension.
  public func timeStep(_ x: Variable, _ step: Int) -> Variable {
    let shape = Shape(Array(x.shape.dimensions.dropFirst()))
    let tensor = x.tensor
    let part = Tensor(shape, Array(tensor.scalars[step * shape.count..<(step + 1) * shape.count]))
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
    let scalars = steps.flatMap { $0.tensor.scalars }
    let whole = Tensor(Shape([steps.count] + shape.dimensions), scalars)
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
