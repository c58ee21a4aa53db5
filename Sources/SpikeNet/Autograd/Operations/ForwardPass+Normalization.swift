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
    let output = normalization.forward(input, adding: residual?.tensor, parallel)
    let inputs = [x, gamma, beta] + (residual.map { [$0] } ?? [])
    return record(output, from: inputs) { [parallel] gradient in
      let sums = normalization.sums(gradient, input, parallel)
      let dx =
        x.needsGradient
        ? normalization.inputGradient(gradient, input, sums: sums, parallel) : nil
      let gradients = [
        dx, Tensor(gamma.shape, sums.product), Tensor(beta.shape, sums.gradient),
      ]
      return residual == nil ? gradients : gradients + [gradient]
    }
  }
}
