import CSpikeKernels

/// The exact Gaussian error linear unit, element by element.
enum GELU {
  private static let blockSize = 1 << 14

  static func forward(_ x: Tensor, _ parallel: Parallel) -> Tensor {
    var y = Tensor(uninitialized: x.shape)
    let target = y.mutablePointer
    parallel.forEachBlock(of: x.count, size: blockSize) { block in
      let first = block.lowerBound
      SpikeKernels.selected.gelu(x.pointer + first, target + first, block.count)
    }
    return y
  }

  /// Turns the gradient of y into that of x, in place.
  static func differentiate(_ gradient: inout Tensor, _ x: Tensor, _ parallel: Parallel) {
    let target = gradient.mutablePointer
    parallel.forEachBlock(of: x.count, size: blockSize) { block in
      let first = block.lowerBound
      SpikeKernels.selected.gelu_gradient(target + first, x.pointer + first, block.count)
    }
  }
}
