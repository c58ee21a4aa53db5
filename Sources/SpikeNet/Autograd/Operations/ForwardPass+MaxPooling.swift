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
      return record(pool.forward(spikes), from: [x]) { [pool.backward($0, spikes)] }
    case .tensor(let tensor):
      return record(pool.forward(tensor), from: [x]) { [pool.backward($0, tensor)] }
    }
  }
}
