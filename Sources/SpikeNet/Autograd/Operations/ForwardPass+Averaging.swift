extension ForwardPass {
  /// Averages over a run of dimensions, such as tokens or time steps.
  ///
  /// - Parameters:
  ///   - x: Any shape.
  ///   - axes: Consecutive dimensions, which the result does not have.
  public func mean(_ x: Variable, over axes: Range<Int>) -> Variable {
    let dimensions = x.shape.dimensions
    let outer = dimensions[..<axes.lowerBound].reduce(1, *)
    let count = dimensions[axes].reduce(1, *)
    let shape = Shape(
      Array(dimensions[..<axes.lowerBound]) + Array(dimensions[axes.upperBound...])
    )
    let factor = 1 / Float(count)
    let value = computed(shape) {
      let sums = Reduction.sumOfMiddle(
        x.tensor,
        outer: outer,
        count: count,
        factor: factor,
        parallel
      )
      return Tensor(shape, Array(sums.buffer))
    }
    return record(value, from: [x]) { [parallel] gradient in
      [
        Reduction.spread(
          gradient,
          to: x.shape,
          outer: outer,
          count: count,
          factor: factor,
          parallel
        )
      ]
    }
  }
}
