extension ForwardPass {
  /// Multiplies rows of `[…, in]` with weights `[in, out]` and adds a bias `[out]`.
  public func linear(_ x: Variable, weight: Variable, bias: Variable? = nil) -> Variable {
    let rows = x.shape.rows
    let image = reshaped(x, to: [rows, 1, 1, x.shape.channels])
    let kernel = reshaped(weight, to: [1, 1, weight.shape[0], weight.shape[1]])
    return reshaped(
      convolution(image, weight: kernel, bias: bias),
      to: x.shape.replacingChannels(weight.shape[1])
    )
  }
}
