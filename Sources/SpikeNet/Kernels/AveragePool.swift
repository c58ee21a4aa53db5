/// Means over windows that lie side by side; what is left at the far edges takes no part.
struct AveragePool {
  let shape: ConvolutionShape
  let parallel: Parallel

  private var channels: Int { shape.inChannels }

  func forward(_ x: Tensor) -> Tensor {
    var y = Tensor(uninitialized: shape.output(for: x.shape))
    let target = y.mutablePointer
    let factor = 1 / Float(shape.taps)
    parallel.forEach(shape.images * shape.outHeight) { line in
      for column in 0..<shape.outWidth {
        let sum = target + (line * shape.outWidth + column) * channels
        sum.initialize(repeating: 0, count: channels)
        forEachTap(line, column) { pixel in
          SpikeKernels.selected.accumulate(sum, x.pointer + pixel * channels, channels)
        }
        for channel in 0..<channels { sum[channel] *= factor }
      }
    }
    return y
  }

  func backward(_ dy: Tensor, inputShape: Shape) -> Tensor {
    var dx = Tensor.zeros(inputShape)
    let target = dx.mutablePointer
    let source = dy.pointer
    let factor = 1 / Float(shape.taps)
    parallel.forEach(shape.images * shape.outHeight) { line in
      for column in 0..<shape.outWidth {
        let gradient = source + (line * shape.outWidth + column) * channels
        forEachTap(line, column) { pixel in
          let part = target + pixel * channels
          for channel in 0..<channels { part[channel] = gradient[channel] * factor }
        }
      }
    }
    return dx
  }

  /// Calls `body` with the input pixels of an output pixel; lines are counted over all images.
  private func forEachTap(_ line: Int, _ column: Int, _ body: (Int) -> Void) {
    let (image, row) = line.quotientAndRemainder(dividingBy: shape.outHeight)
    for y in 0..<shape.kernel {
      let first = (image * shape.inHeight + row * shape.kernel + y) * shape.inWidth
      for x in 0..<shape.kernel { body(first + column * shape.kernel + x) }
    }
  }
}
