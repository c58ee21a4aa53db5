extension ForwardPass {
  /// Normalises every channel by batch or running statistics, and adds `residual` if there is one.
  func normalization(
    _ x: Variable,
    _ normalization: BatchNormalization,
    gamma: Variable,
    beta: Variable,
    adding residual: Variable? = nil
  ) -> Variable {
    let input = x.tensor
    let size = input.count
    let output = computed(x.shape) {
      profile.measure("normalization, forward", .moving((residual == nil ? 2 : 3) * size)) {
        normalization.forward(input, adding: residual?.tensor, parallel)
      }
    }
    let inputs = [x, gamma, beta] + (residual.map { [$0] } ?? [])
    return record(output, from: inputs) { [parallel, profile] gradient in
      let sums = profile.measure("normalization, sums", .moving(2 * size)) {
        normalization.sums(gradient, input, parallel)
      }
      let ofResidual = residual.map { _ in gradient }
      if x.needsGradient {
        profile.measure("normalization, input gradient", .moving(3 * size)) {
          normalization.differentiate(&gradient, input, sums: sums, parallel)
        }
      }
      let ofNormalization: [Tensor?] = [
        x.needsGradient ? gradient : nil, Tensor(gamma.shape, sums.product),
        Tensor(beta.shape, sums.gradient),
      ]
      return ofNormalization + (ofResidual.map { [$0] } ?? [])
    }
  }
}
