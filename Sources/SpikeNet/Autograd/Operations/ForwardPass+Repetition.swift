extension ForwardPass {
  /// Adds `e`, which lacks a run of dimensions of `x`, at every place of these.
  ///
  /// - Parameters:
  ///   - x: Any shape.
  ///   - e: The elements of `x` without the dimensions `axes`, under any shape.
  ///   - axes: Consecutive dimensions of `x`.
  public func sum(_ x: Variable, repeating e: Variable, over axes: Range<Int>) -> Variable {
    let dimensions = x.shape.dimensions
    let outer = dimensions[..<axes.lowerBound].reduce(1, *)
    let count = dimensions[axes].reduce(1, *)
    precondition(
      e.shape.count * count == x.shape.count,
      "sum: \(x.shape) and \(e.shape) over \(axes)"
    )
    let value = computed(x.shape) {
      let repeated = Reduction.spread(
        e.tensor,
        to: x.shape,
        outer: outer,
        count: count,
        factor: 1,
        parallel
      )
      return Elementwise.sum(x.tensor, repeated, parallel)
    }
    return record(value, from: [x, e]) { [parallel] gradient in
      guard e.needsGradient else { return [gradient, nil] }
      let sums = Reduction.sumOfMiddle(
        gradient,
        outer: outer,
        count: count,
        factor: 1,
        parallel
      )
      return [gradient, Tensor(e.shape, Array(sums.buffer))]
    }
  }

  /// Stochastic depth: in training, drops groups of rows at random and scales up those that stay.
  ///
  /// Huang et al., "Deep networks with stochastic depth" (2016), with timm's scaling.
  ///
  /// - Parameters:
  ///   - x: Any shape.
  ///   - rate: The probability that a group is dropped.
  ///   - axes: Consecutive dimensions that number the groups.
  public func droppingPaths(_ x: Variable, rate: Float, groups axes: Range<Int>) -> Variable {
    guard mode == .training, rate > 0 else { return x }
    let dimensions = x.shape.dimensions
    let outer = dimensions[..<axes.lowerBound].reduce(1, *)
    let groups = dimensions[axes].reduce(1, *)
    let factor = rate < 1 ? 1 / (1 - rate) : 0
    let factors = (0..<groups).map { _ in
      Float.random(in: 0..<1, using: &generator) < rate ? 0 : factor
    }
    let value = Elementwise.scaled(x.tensor, by: factors, outer: outer, parallel)
    return record(value, from: [x]) { [parallel] gradient in
      [Elementwise.scaled(gradient, by: factors, outer: outer, parallel)]
    }
  }
}

extension Elementwise {
  /// Multiplies `[outer, factors.count, …]` by a factor for each index of the middle dimension.
  static func scaled(
    _ x: Tensor,
    by factors: [Float],
    outer: Int,
    _ parallel: Parallel
  ) -> Tensor {
    var result = Tensor(uninitialized: x.shape)
    let target = result.mutablePointer
    let source = x.pointer
    let size = x.count / (outer * factors.count)
    parallel.forEach(outer * factors.count) { group in
      let factor = factors[group % factors.count]
      for index in group * size..<(group + 1) * size { target[index] = source[index] * factor }
    }
    withExtendedLifetime(x) {}
    return result
  }
}
