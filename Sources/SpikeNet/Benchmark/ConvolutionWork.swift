/// What a convolution has to do, from its shape and the ones in its input.
struct ConvolutionWork {
  private let shape: ConvolutionShape
  private let input: ConvolutionOperand

  init(_ shape: ConvolutionShape, input: ConvolutionOperand) {
    self.shape = shape
    self.input = input
  }

  var forward: OperationWork {
    work(real: dense * shape.realShare, bytes: outputBytes + inputBytes)
  }

  var weightGradient: OperationWork { work(real: dense, bytes: outputBytes + inputBytes) }

  var inputGradient: OperationWork {
    OperationWork(
      denseMultiplyAdds: dense,
      operations: shape.scattersInputGradient ? dense : dense * shape.realShare,
      bytes: outputBytes + 4 * inputElements
    )
  }

  private var dense: Double { Double(shape.outRows * shape.window * shape.outChannels) }

  private var inputElements: Double { Double(shape.inRows * shape.inChannels) }

  private var outputBytes: Double { 4 * Double(shape.outRows * shape.outChannels) }

  private var inputBytes: Double {
    switch input {
    case .spikes: inputElements / 8
    case .counts(let counts): inputElements / 8 * Double(counts.planes)
    case .tensor: inputElements * 4
    }
  }

  /// One operation for every output that a one or a non-zero reaches, or those of `real` numbers.
  private func work(real: Double, bytes: Double) -> OperationWork {
    let operations: Double
    switch input {
    case .spikes(let spikes): operations = dense * Double(spikes.onesCount) / inputElements
    case .counts(let counts): operations = dense * Double(counts.spikes.onesCount) / inputElements
    case .tensor(let tensor) where shape.isSparse:
      operations = dense * Double(tensor.nonZeroCount) / inputElements
    case .tensor: operations = real
    }
    return OperationWork(denseMultiplyAdds: dense, operations: operations, bytes: bytes)
  }
}

extension Tensor {
  fileprivate var nonZeroCount: Int {
    UnsafeBufferPointer(start: pointer, count: count).reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
  }
}
