extension ForwardPass {
  /// Normalises every row of `[…, C]` to mean 0 and deviation 1, then scales and shifts channels.
  ///
  /// - Parameters:
  ///   - gamma: Scales `[C]`.
  ///   - beta: Shifts `[C]`.
  ///   - epsilon: What is added to the biased variance.
  public func layerNormalization(
    _ x: Variable,
    gamma: Variable,
    beta: Variable,
    epsilon: Float
  ) -> Variable {
    let input = x.tensor
    let kernel = RowNormalization(
      gamma: gamma.tensor,
      beta: beta.tensor,
      epsilon: epsilon,
      parallel: parallel
    )
    var moments: RowNormalization.Moments?
    let output = computed(x.shape) {
      profile.measure("layer normalization, forward", .moving(2 * input.count)) {
        let result = kernel.forward(input)
        moments = result.moments
        return result.y
      }
    }
    return record(output, from: [x, gamma, beta]) { [profile, moments] gradient in
      guard let moments else { return [nil, nil, nil] }
      let sums = profile.measure("layer normalization, backward", .moving(4 * input.count)) {
        kernel.backward(&gradient, input, moments)
      }
      return [gradient, Tensor(gamma.shape, sums.product), Tensor(beta.shape, sums.gradient)]
    }
  }
}
