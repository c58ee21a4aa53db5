extension ForwardPass {
  /// Takes means over windows of `[…, H, W, C]` that lie side by side.
  ///
  /// - Parameter kernel: The side of a window, and the distance between windows.
  public func averagePooling(_ x: Variable, kernel: Int) -> Variable {
    let shape = ConvolutionShape(
      input: x.shape,
      kernel: kernel,
      outChannels: x.shape.channels,
      stride: kernel
    )
    let pool = AveragePool(shape: shape, parallel: parallel)
    let size = x.shape.count
    let value = computed(shape.output(for: x.shape)) {
      profile.measure("pooling, forward", .moving(size)) { pool.forward(x.tensor) }
    }
    return record(value, from: [x]) { [profile] gradient in
      [
        profile.measure("pooling, backward", .moving(size)) {
          pool.backward(gradient, inputShape: x.shape)
        }
      ]
    }
  }
}
