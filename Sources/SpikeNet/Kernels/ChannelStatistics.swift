/// Mean and biased variance of every channel over all rows.
struct ChannelStatistics: Sendable {
  /// The number of rows.
  let count: Int
  let mean: [Float]
  let variance: [Float]

  /// Moments of blocks of rows, which combine to those of all rows.
  ///
  /// Blocks are merged in their order and in double precision (Chan et al., 1979), so the result
  /// depends neither on threads nor on a large mean.
  struct Blocks {
    let channels: Int
    private let stride: Int
    private let rows: [Int]
    private let moments: TensorStorage<Double>

    /// Room for the moments of consecutive blocks of `size` rows.
    init(rows: Int, size: Int, channels: Int) {
      self.channels = channels
      stride = SpikeKernels.padded(channels)
      self.rows = Swift.stride(from: 0, to: rows, by: size).map { min(size, rows - $0) }
      moments = TensorStorage(uninitialized: 2 * stride * self.rows.count)
    }

    /// Measures one block, whose first row is at `x`.
    func measure(_ block: Int, at x: UnsafePointer<Float>) {
      let mean = moments.pointer + 2 * stride * block
      SpikeKernels.selected.channel_moments(x, rows[block], channels, mean, mean + stride)
    }

    /// The statistics of all rows, once every block is measured.
    func combined() -> ChannelStatistics {
      var count = 0.0
      var mean = [Double](repeating: 0, count: channels)
      var m2 = [Double](repeating: 0, count: channels)
      for (block, rows) in rows.enumerated() {
        let moments = moments.pointer + 2 * stride * block
        let total = count + Double(rows)
        for channel in 0..<channels {
          let difference = moments[channel] - mean[channel]
          mean[channel] += difference * Double(rows) / total
          m2[channel] +=
            moments[stride + channel] + difference * difference * count * Double(rows) / total
        }
        count = total
      }
      return ChannelStatistics(
        count: Int(count),
        mean: mean.map(Float.init),
        variance: m2.map { Float($0 / count) }
      )
    }
  }

  /// Measures a tensor over all dimensions but the last.
  static func of(_ x: Tensor, _ parallel: Parallel) -> ChannelStatistics {
    let (rows, channels) = (x.shape.rows, x.shape.channels)
    let size = max(16, (1 << 14) / channels)
    let blocks = Blocks(rows: rows, size: size, channels: channels)
    parallel.forEachBlock(of: rows, size: size) { block in
      blocks.measure(block.lowerBound / size, at: x.pointer + block.lowerBound * channels)
    }
    return blocks.combined()
  }
}
