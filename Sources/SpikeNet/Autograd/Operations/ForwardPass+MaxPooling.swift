extension ForwardPass {
  /// Takes maxima over windows of `[…, H, W, C]`; of spikes, their bitwise or.
  public func maxPooling(
    _ x: Variable,
    kernel: Int,
    stride: Int,
    padding: Int = 0
  ) -> Variable {
    let shape = ConvolutionShape(
      input: x.shape,
      kernel: kernel,
      outChannels: x.shape.channels,
      stride: stride,
      padding: padding
    )
    let pool = MaxPool(shape: shape, parallel: parallel)
    switch x.value {
    case .spikes(let spikes):
      let pooled = computed(shape.output(for: x.shape)) {
        profile.measure("pooling, forward", .moving(x.shape.count / 32)) { pool.forward(spikes) }
      }
      return record(pooled, from: [x]) { [profile] gradient in
        [
          profile.measure("pooling, backward", .moving(2 * x.shape.count)) {
            pool.backward(gradient, spikes)
          }
        ]
      }
    case .tensor(let tensor):
      let pooled = computed(shape.output(for: x.shape)) {
        profile.measure("pooling, forward", .moving(tensor.count)) { pool.forward(tensor) }
      }
      return record(pooled, from: [x]) { [profile] gradient in
        [
          profile.measure("pooling, backward", .moving(3 * tensor.count)) {
            pool.backward(gradient, tensor)
          }
        ]
      }
    }
  }
}
