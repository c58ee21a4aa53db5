import CSpikeKernels

/// Convolutions of real numbers.
extension Convolution {
  /// Convolves, by the way that has the least multiply-adds for this kernel.
  func dense(_ x: Tensor, weight: Tensor, into target: UnsafeMutablePointer<Float>) {
    if shape.isPointwise {
      pointwise(x, weight: weight, into: target)
    } else if shape.isWinograd {
      winograd(x, weight: weight, into: target)
    } else {
      multiplyWindows(of: x, by: weight, into: target)
    }
  }

  private func pointwise(
    _ x: Tensor,
    weight: Tensor,
    into target: UnsafeMutablePointer<Float>
  ) {
    let (depth, columns) = (shape.inChannels, shape.outChannels)
    let tiles = TiledWeights(window: depth, columns: columns).tiled(weight.pointer, parallel)
    let size = max(24, (1 << 16) / (depth + columns) / 24 * 24)
    parallel.forEachBlock(of: shape.outRows, size: size) { rows in
      kernels.dense_product(
        x.pointer + rows.lowerBound * depth,
        depth,
        depth,
        tiles.pointer,
        target + rows.lowerBound * columns,
        rows.count,
        columns
      )
    }
  }

  /// Blocks of 2 × 2 outputs, as many at a time as a core's cache holds transformed.
  private func winograd(
    _ x: Tensor,
    weight: Tensor,
    into target: UnsafeMutablePointer<Float>
  ) {
    let (depth, columns) = (shape.inChannels, shape.outChannels)
    let tiles = TiledWeights(window: depth, columns: columns)
    let weights = TensorStorage<Float>(uninitialized: 16 * tiles.count)
    parallel.forEachBlock(of: depth, size: 16) { rows in
      kernels.winograd_weights(
        weight.pointer,
        depth,
        columns,
        weights.pointer,
        rows.lowerBound,
        rows.upperBound
      )
    }
    let blocks = shape.images * ((shape.outHeight + 1) / 2) * ((shape.outWidth + 1) / 2)
    let size = max(24, 12288 / (depth + columns) / 6 * 6)
    var shape = shape.c
    let workspace = Workspace<Float>(winograd_scratch_floats(&shape, size), parallel)
    parallel.forEachBlock(of: blocks, size: size) { block in
      workspace.withPiece { scratch in
        var shape = self.shape.c
        kernels.winograd_conv(
          &shape,
          x.pointer,
          weights.pointer,
          target,
          block.lowerBound,
          block.upperBound,
          scratch
        )
      }
    }
  }

  private func multiplyWindows(
    of x: Tensor,
    by weight: Tensor,
    into target: UnsafeMutablePointer<Float>
  ) {
    let matrix = Gemm.Matrix(pointer: weight.pointer, stride: shape.outChannels)
    let workspace = windowWorkspace
    parallel.forEachBlock(of: shape.outRows, size: Self.windowRows) { rows in
      withWindows(of: x, rows: rows, in: workspace) { windows in
        Gemm.multiply(
          windows,
          matrix,
          into: target + rows.lowerBound * shape.outChannels,
          m: rows.count,
          n: shape.outChannels,
          k: shape.window
        )
      }
    }
  }
}
