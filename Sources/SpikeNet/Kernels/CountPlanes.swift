import CSpikeKernels

/// Sums of spikes as spikes: one plane of channels for every binary digit.
///
/// Residual connections over spikes add small whole numbers, mostly zero. A sum weighted with powers
/// of two over their binary digits is the same product, and the digits are as sparse as spikes.
struct CountPlanes {
  /// `[…, planes · C]`: digit p of channel c is channel p·C + c.
  let spikes: Spikes
  /// How many binary digits there are.
  let planes: Int

  /// Additions beyond this share of the multiply-adds without planes would not be faster.
  private static let worthwhile = 0.6
  /// What a word of spikes costs at most, as a share of its bits: then it is looked up in tables.
  private static let denseCost = 0.3
  private static let blockRows = 256

  /// Splits a tensor; nil if it holds anything but small counts, or so many of them that a dense
  /// product is faster.
  ///
  /// - Parameter shape: The convolution that reads them.
  init?(_ counts: Tensor, for shape: ConvolutionShape, _ parallel: Parallel) {
    let channels = counts.shape.channels
    guard channels % 64 == 0, let planes = Self.digits(of: counts, parallel) else { return nil }
    self.planes = planes
    let dimensions = counts.shape.dimensions.dropLast() + [planes * channels]
    spikes = Spikes(Shape(Array(dimensions))) { words in
      parallel.forEachBlock(of: counts.shape.rows, size: Self.blockRows) { rows in
        SpikeKernels.selected.split_counts(
          counts.pointer + rows.lowerBound * channels,
          words + rows.lowerBound * planes * channels / 64,
          rows.count,
          channels,
          planes
        )
      }
    }
    guard cost(parallel) < Self.worthwhile * shape.realShare else { return nil }
  }

  /// How many binary digits the largest count has; nil if there is anything but small counts.
  private static func digits(of counts: Tensor, _ parallel: Parallel) -> Int? {
    let channels = counts.shape.channels
    // Real numbers are recognised by their first row.
    guard SpikeKernels.selected.count_digits(counts.pointer, channels) >= 0 else { return nil }
    var found = [Int32](
      repeating: 0,
      count: (counts.shape.rows + blockRows - 1) / blockRows
    )
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      parallel.forEachBlock(of: counts.shape.rows, size: blockRows) { rows in
        found[rows.lowerBound / blockRows] = SpikeKernels.selected.count_digits(
          counts.pointer + rows.lowerBound * channels,
          rows.count * channels
        )
      }
    }
    let all = found.reduce(0, |)
    return all < 0 ? nil : max(1, Int32.bitWidth - all.leadingZeroBitCount)
  }

  /// The additions that the digits cost, as a share of a dense product's multiply-adds.
  private func cost(_ parallel: Parallel) -> Double {
    let words = spikes.wordsPerRow / planes
    var ones = [Int](repeating: 0, count: planes)
    ones.withUnsafeMutableBufferPointer { ones in
      nonisolated(unsafe) let ones = ones
      parallel.forEach(planes) { plane in
        ones[plane] = (0..<spikes.shape.rows).reduce(0) { sum, row in
          let first = row * spikes.wordsPerRow + plane * words
          return (first..<first + words).reduce(sum) { $0 + spikes.pointer[$1].nonzeroBitCount }
        }
      }
    }
    let bits = Double(max(spikes.shape.rows * words * 64, 1))
    return ones.reduce(0) { $0 + min(Double($1) / bits, Self.denseCost) }
  }

  /// The convolution of the planes that equals `shape` over the counts.
  func shape(_ shape: ConvolutionShape) -> ConvolutionShape {
    var result = shape
    result.inChannels *= planes
    return result
  }

  /// Weights `[kernel, kernel, in, out]` as `[kernel, kernel, planes · in, out]`, doubled from plane
  /// to plane.
  func weights(_ weight: Tensor, _ parallel: Parallel) -> Tensor {
    let (taps, block) = (weight.shape[0] * weight.shape[1], weight.shape[2] * weight.shape[3])
    var result = Tensor(
      uninitialized: [weight.shape[0], weight.shape[1], planes * weight.shape[2], weight.shape[3]]
    )
    let target = result.mutablePointer
    let source = weight.pointer
    parallel.forEach(taps * planes) { task in
      let (tap, plane) = task.quotientAndRemainder(dividingBy: planes)
      let factor = Float(1 << plane)
      let (from, to) = (source + tap * block, target + task * block)
      for index in 0..<block { to[index] = from[index] * factor }
    }
    withExtendedLifetime(weight) {}
    return result
  }

  /// The gradient of the weights from that of ``weights(_:_:)``.
  func weightGradient(_ gradient: Tensor, _ parallel: Parallel) -> Tensor {
    let (height, width) = (gradient.shape[0], gradient.shape[1])
    let (inputs, outputs) = (gradient.shape[2] / planes, gradient.shape[3])
    var result = Tensor(uninitialized: [height, width, inputs, outputs])
    let target = result.mutablePointer
    let source = gradient.pointer
    parallel.forEachBlock(of: height * width * inputs, size: 64) { rows in
      for row in rows {
        let (tap, input) = row.quotientAndRemainder(dividingBy: inputs)
        let to = target + row * outputs
        for output in 0..<outputs { to[output] = 0 }
        for plane in 0..<planes {
          let factor = Float(1 << plane)
          let from = source + ((tap * planes + plane) * inputs + input) * outputs
          for output in 0..<outputs { to[output] += from[output] * factor }
        }
      }
    }
    withExtendedLifetime(gradient) {}
    return result
  }
}
