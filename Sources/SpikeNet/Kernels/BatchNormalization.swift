/// Per-channel scaling to zero mean and unit variance, and its gradient.
///
/// y = x · scale + shift with scale = γ / √(variance + ε) and shift = β − mean · scale (Ioffe and
/// Szegedy, 2015).
struct BatchNormalization: Sendable {
  /// Padded to whole vectors, as all per-channel arrays here.
  let mean: [Float]
  let inverseDeviation: [Float]
  let scale: [Float]
  let shift: [Float]
  let channels: Int
  /// The number of rows that mean and variance were measured on; nil for running statistics, which
  /// do not depend on the input.
  let measuredRows: Int?

  init(_ statistics: ChannelStatistics, gamma: Tensor, beta: Tensor, epsilon: Float, measured: Bool)
  {
    channels = gamma.count
    let inverse = statistics.variance.map { 1 / ($0 + epsilon).squareRoot() }
    let scale = (0..<gamma.count).map { gamma[$0] * inverse[$0] }
    mean = SpikeKernels.padded(statistics.mean)
    inverseDeviation = SpikeKernels.padded(inverse)
    shift = SpikeKernels.padded((0..<beta.count).map { beta[$0] - statistics.mean[$0] * scale[$0] })
    self.scale = SpikeKernels.padded(scale)
    measuredRows = measured ? statistics.count : nil
  }

  /// Multiplies every channel by its scale, and shifts nothing.
  func scaled(_ weight: Tensor) -> Tensor {
    var result = Tensor(uninitialized: weight.shape)
    SpikeKernels.selected.scale_shift(
      weight.pointer,
      scale,
      [Float](repeating: 0, count: scale.count),
      nil,
      result.mutablePointer,
      weight.shape.rows,
      channels
    )
    return result
  }

  /// Sums over rows of the gradient g of y, and of g times the normalised input.
  struct Sums: Sendable {
    /// Σ g: the gradient of β.
    let gradient: [Float]
    /// Σ g · (x − mean) / deviation: the gradient of γ.
    let product: [Float]
  }

  private static func blockSize(channels: Int) -> Int { max(16, (1 << 15) / channels) }

  /// Computes y, plus `residual` if there is one.
  func forward(_ x: Tensor, adding residual: Tensor?, _ parallel: Parallel) -> Tensor {
    var y = Tensor(uninitialized: x.shape)
    let target = y.mutablePointer
    let size = Self.blockSize(channels: channels)
    parallel.forEachBlock(of: x.shape.rows, size: size) { rows in
      let first = rows.lowerBound * channels
      SpikeKernels.selected.scale_shift(
        x.pointer + first,
        scale,
        shift,
        residual.map { $0.pointer + first },
        target + first,
        rows.count,
        channels
      )
    }
    return y
  }

  /// Sums the gradient of y for those of γ and β.
  func sums(_ g: Tensor, _ x: Tensor, _ parallel: Parallel) -> Sums {
    let size = Self.blockSize(channels: channels)
    let partial = PartialSums(
      blocks: (x.shape.rows + size - 1) / size,
      channels: channels
    )
    parallel.forEachBlock(of: x.shape.rows, size: size) { rows in
      let (gradient, product) = partial.pointers(block: rows.lowerBound / size)
      SpikeKernels.selected.channel_products(
        g.pointer + rows.lowerBound * channels,
        x.pointer + rows.lowerBound * channels,
        rows.count,
        channels,
        mean,
        inverseDeviation,
        gradient,
        product
      )
    }
    return partial.combined()
  }

  /// Turns the gradient of y into that of x, in place.
  func differentiate(_ g: inout Tensor, _ x: Tensor, sums: Sums, _ parallel: Parallel) {
    let target = g.mutablePointer
    let share = measuredRows.map { 1 / Float($0) } ?? 0
    let meanGradient = SpikeKernels.padded(sums.gradient.map { $0 * share })
    let meanProduct = SpikeKernels.padded(sums.product.map { $0 * share })
    parallel.forEachBlock(of: x.shape.rows, size: Self.blockSize(channels: channels)) { rows in
      let first = rows.lowerBound * channels
      SpikeKernels.selected.normalization_gradient(
        target + first,
        x.pointer + first,
        mean,
        inverseDeviation,
        scale,
        meanGradient,
        meanProduct,
        rows.count,
        channels
      )
    }
  }
}

/// Sums of blocks of rows, written by one task each and added up in order.
struct PartialSums {
  private let blocks: Int
  private let channels: Int
  private let stride: Int
  private let storage: TensorStorage<Double>

  init(blocks: Int, channels: Int) {
    self.blocks = blocks
    self.channels = channels
    stride = SpikeKernels.padded(channels)
    storage = TensorStorage(uninitialized: 2 * blocks * stride)
    storage.pointer.initialize(repeating: 0, count: 2 * blocks * stride)
  }

  func pointers(
    block: Int
  ) -> (gradient: UnsafeMutablePointer<Double>, product: UnsafeMutablePointer<Double>) {
    let gradient = storage.pointer + 2 * block * stride
    return (gradient, gradient + stride)
  }

  func combined() -> BatchNormalization.Sums {
    var gradient = [Double](repeating: 0, count: channels)
    var product = gradient
    for block in 0..<blocks {
      let pointers = pointers(block: block)
      for channel in 0..<channels {
        gradient[channel] += pointers.gradient[channel]
        product[channel] += pointers.product[channel]
      }
    }
    return BatchNormalization.Sums(
      gradient: gradient.map { Float($0) },
      product: product.map { Float($0) }
    )
  }
}
