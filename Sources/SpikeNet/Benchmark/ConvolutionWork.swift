/// What a convolution has to do, from its shape and the ones in its input.
struct ConvolutionWork {
  private let shape: ConvolutionShape
  private let input: ConvolutionOperand

  init(_ shape: ConvolutionShape, input: ConvolutionOperand) {
    self.shape = shape
    self.input = input
  }

  var forward: OperationWork { work(overInput) }

  var weightGradient: OperationWork { work(overInput) }

  var inputGradient: OperationWork {
    work(shape.kernel == 3 && shape.stride == 1 ? dense * 16 / 36 : dense)
  }

  private func work(_ operations: Double) -> OperationWork {
    let floats = shape.outRows * shape.outChannels
    return OperationWork(
      denseMultiplyAdds: dense,
      operations: operations,
      bytes: 4 * Double(floats) + inputBytes
    )
  }

  private var dense: Double { Double(shape.outRows * shape.window * shape.outChannels) }

  /// One operation for every output that an input other than zero reaches.
  private var overInput: Double {
    let elements = Double(shape.inRows * shape.inChannels)
    switch input {
    case .spikes(let spikes): return dense * Double(spikes.onesCount) / elements
    case .counts(let counts): return dense * Double(counts.spikes.onesCount) / elements
    case .tensor(let tensor) where shape.window <= Convolution.sparseWindow:
      return dense * Double(tensor.scalars.count { $0 != 0 }) / elements
    case .tensor: return shape.kernel == 3 && shape.stride == 1 ? dense * 16 / 36 : dense
    }
  }

  private var inputBytes: Double {
    let elements = Double(shape.inRows * shape.inChannels)
    switch input {
    case .spikes: return elements / 8
    case .counts(let counts): return elements / 8 * Double(counts.planes)
    case .tensor: return elements * 4
    }
  }
}
