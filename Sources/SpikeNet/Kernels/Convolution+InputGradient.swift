extension Convolution {
  /// Computes the gradient of the input, in the input's shape.
  func inputGradient(_ dy: Tensor, weight: Tensor, inputShape: Shape) -> Tensor {
    var dx = Tensor(uninitialized: inputShape)
    let target = dx.mutablePointer
    if shape.scattersInputGradient {
      scatterInputGradient(dy, weight: weight, into: target)
    } else {
      let transposed = Convolution(shape: shape.transposed, parallel: parallel)
      transposed.dense(dy, weight: transposedWeight(weight), into: target)
    }
    return dx
  }

  /// `[kernel, kernel, in, out]` to `[kernel, kernel, out, in]`, turned by half a turn.
  private func transposedWeight(_ weight: Tensor) -> Tensor {
    let (inChannels, outChannels) = (shape.inChannels, shape.outChannels)
    var result = Tensor(uninitialized: [shape.kernel, shape.kernel, outChannels, inChannels])
    let target = result.mutablePointer
    let source = weight.pointer
    // Squares of a cache line each way: every line is read and written while it is in the cache.
    let blocks = (outChannels + 15) / 16
    parallel.forEach(shape.taps * blocks) { task in
      let (tap, block) = task.quotientAndRemainder(dividingBy: blocks)
      let from = source + tap * inChannels * outChannels
      let to = target + (shape.taps - 1 - tap) * inChannels * outChannels
      let outputs = block * 16..<min(block * 16 + 16, outChannels)
      for first in stride(from: 0, to: inChannels, by: 16) {
        let inputs = first..<min(first + 16, inChannels)
        for output in outputs {
          for input in inputs {
            to[output * inChannels + input] = from[input * outChannels + output]
          }
        }
      }
    }
    return result
  }

  private func scatterInputGradient(
    _ dy: Tensor,
    weight: Tensor,
    into target: UnsafeMutablePointer<Float>
  ) {
    let outPixels = shape.outHeight * shape.outWidth
    let inFloats = shape.inHeight * shape.inWidth * shape.inChannels
    let weight = Gemm.Matrix(
      pointer: weight.pointer,
      stride: shape.outChannels,
      isTransposed: true
    )
    let workspace = Workspace<Float>(outPixels * shape.window, parallel)
    parallel.forEach(shape.images) { image in
      workspace.withPiece { columns in
        let dy = Gemm.Matrix(
          pointer: dy.pointer + image * outPixels * shape.outChannels,
          stride: shape.outChannels
        )
        Gemm.multiply(
          dy,
          weight,
          into: columns,
          m: outPixels,
          n: shape.window,
          k: shape.outChannels
        )
        let image = target + image * inFloats
        image.initialize(repeating: 0, count: inFloats)
        var shape = shape.c
        kernels.scatter_windows(&shape, columns, image)
      }
    }
  }
}
