import CSpikeKernels

/// Weights `[window, out]` cut into tiles of output channels, as the products over spikes and
/// over real rows read them.
///
/// Tiles are `[window, width]`, one after the other; the last one may be narrower than the others,
/// and ends with zeros up to a multiple of 16.
struct TiledWeights {
  let window: Int
  let columns: Int

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

  /// Rows that one task copies or adds.
  private static let blockRows = 128

  /// Copies rows of `columns` floats into tiles.
  func tiled(_ rows: UnsafePointer<Float>, _ parallel: Parallel) -> TensorStorage<Float> {
    let result = TensorStorage<Float>(uninitialized: count)
    parallel.forEachBlock(of: window, size: Self.blockRows) { block in
      copy(rows, block, to: result.pointer)
    }
    return result
  }

  private func copy(
    _ rows: UnsafePointer<Float>,
    _ block: Range<Int>,
    to result: UnsafeMutablePointer<Float>
  ) {
    for (first, width) in tiles {
      let used = min(width, columns - first)
      for row in block {
        let target = result + first * window + row * width
        target.update(from: rows + row * columns + first, count: used)
        (target + used).update(repeating: 0, count: width - used)
      }
    }
  }

  /// Adds up `terms` sets of tiles, `size` floats apart, into rows of `stride` floats.
  func sum(
    _ source: UnsafePointer<Float>,
    terms: Int,
    size: Int,
    to rows: UnsafeMutablePointer<Float>,
    stride: Int,
    _ parallel: Parallel
  ) {
    parallel.forEachBlock(of: window, size: Self.blockRows) { block in
      for term in 0..<terms { add(source + term * size, block, to: rows, stride: stride) }
    }
  }

  private func add(
    _ source: UnsafePointer<Float>,
    _ block: Range<Int>,
    to rows: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    for (first, width) in tiles {
      let used = min(width, columns - first)
      for row in block {
        SpikeKernels.selected.accumulate(
          rows + row * stride + first,
          source + first * window + row * width,
          used
        )
      }
    }
  }
}
