import CSpikeKernels

/// Maximum over windows; of equal maxima the first in row-major order takes the gradient.
struct MaxPool {
  let shape: ConvolutionShape
  let parallel: Parallel

  func forward(_ x: Tensor) -> Tensor {
    var y = Tensor(uninitialized: shape.output(for: x.shape))
    let target = y.mutablePointer
    parallel.forEach(shape.images) { image in
      var shape = shape.c
      SpikeKernels.selected.pool_forward(&shape, x.pointer, target, image)
    }
    return y
  }

  func backward(_ dy: Tensor, _ x: Tensor) -> Tensor {
    var dx = Tensor(uninitialized: x.shape)
    let target = dx.mutablePointer
    parallel.forEach(shape.images) { image in
      var shape = shape.c
      SpikeKernels.selected.pool_backward(&shape, x.pointer, dy.pointer, target, image)
    }
    return dx
  }

  func forward(_ x: Spikes) -> Spikes {
    Spikes(shape.output(for: x.shape)) { target in
      parallel.forEach(shape.images) { image in
        var shape = shape.c
        SpikeKernels.selected.spike_pool_forward(&shape, x.pointer, target, image)
      }
    }
  }

  func backward(_ dy: Tensor, _ x: Spikes) -> Tensor {
    var dx = Tensor(uninitialized: x.shape)
    let target = dx.mutablePointer
    parallel.forEach(shape.images) { image in
      var shape = shape.c
      SpikeKernels.selected.spike_pool_backward(&shape, x.pointer, dy.pointer, target, image)
    }
    return dx
  }
}
