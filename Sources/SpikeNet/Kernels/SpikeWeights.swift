import CSpikeKernels

/// Weights `[window, out]` cut into tiles of output channels, as the kernels for spikes read them.
///
/// Tiles are `[window, width]`, one after the other; the last one may be narrower than the others,
/// and ends with zeros up to a multiple of 16.
struct SpikeWeights {
  let window: Int
  let columns: Int

  init(window: Int, columns: Int) {
    self.window = window
    self.columns = columns
  }

  /// Output channels in a tile.
  static let tileWidth = Int(SPIKE_TILE)

  /// Floats that all tiles take.
  var count: Int { window * SpikeKernels.padded(columns) }

  /// The first column of every tile, and its width in the tiles.
  private var tiles: [(first: Int, width: Int)] {
    let padded = SpikeKernels.padded(columns)
    return stride(from: 0, to: padded, by: Self.tileWidth).map {
      ($0, min(Self.tileWidth, padded - $0))
    }
  }

  /// Copies rows of `columns` floats into tiles.
  func tiled(_ rows: UnsafePointer<Float>) -> TensorStorage<Float> {
    let result = TensorStorage<Float>(uninitialized: count)
    for (first, width) in tiles {
      let used = min(width, columns - first)
      for row in 0..<window {
        let target = result.pointer + first * window + row * width
        target.update(from: rows + row * columns + first, count: used)
        (target + used).update(repeating: 0, count: width - used)
      }
    }
    return result
  }

  /// Adds tiles to rows of `stride` floats.
  func add(_ source: UnsafePointer<Float>, to rows: UnsafeMutablePointer<Float>, stride: Int) {
    for (first, width) in tiles {
      let used = min(width, columns - first)
      for row in 0..<window {
        SpikeKernels.selected.accumulate(
          rows + row * stride + first,
          source + first * window + row * width,
          used
        )
      }
    }
  }
}
