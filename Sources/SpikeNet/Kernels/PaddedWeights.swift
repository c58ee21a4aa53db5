/// Weights `[window, out]` with rows padded to whole vectors; the original where they already are.
struct PaddedWeights {
  let stride: Int
  private let original: Tensor
  private let copy: TensorStorage<Float>?

  init(_ weight: Tensor) {
    let (rows, columns) = (weight.shape.rows, weight.shape.channels)
    original = weight
    stride = SpikeKernels.padded(columns)
    guard stride != columns else {
      copy = nil
      return
    }
    let copy = TensorStorage<Float>(uninitialized: rows * stride)
    copy.pointer.initialize(repeating: 0, count: rows * stride)
    for row in 0..<rows {
      (copy.pointer + row * stride).update(from: weight.pointer + row * columns, count: columns)
    }
    self.copy = copy
  }

  var pointer: UnsafePointer<Float> { copy.map { UnsafePointer($0.pointer) } ?? original.pointer }
}
