import CSpikeKernels
import SpikeNet
import Testing

/// Every instruction set that this processor runs, against loops that follow the definition.
@Suite struct KernelVariantTests {
  static let variants: [String] = ["portable", "avx2", "avx512"].filter { (name: String) in
    spike_kernels_named(name) != nil
  }

  private static func kernels(_ name: String) throws -> spike_kernels {
    try #require(spike_kernels_named(name)).pointee
  }

  private static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Values in -1...1 of which a share of `density` is not zero; `binary` makes those 1.
  private static func values(_ count: Int, density: Float = 1, binary: Bool = false) -> [Float] {
    var generator = SeededGenerator(seed: UInt64(count))
    return (0..<count).map { _ in
      let value = Float.random(in: -1...1, using: &generator)
      return Float.random(in: 0..<1, using: &generator) < density ? (binary ? 1 : value) : 0
    } + [Float](repeating: 0, count: 16)
  }

  private static func packed(_ x: [Float], rows: Int, channels: Int) -> [UInt64] {
    let words = (channels + 63) / 64
    var result = [UInt64](repeating: 0, count: rows * words)
    for row in 0..<rows {
      for c in 0..<channels where x[row * channels + c] != 0 {
        result[row * words + c / 64] |= 1 << UInt64(c % 64)
      }
    }
    return result
  }

  /// `[rows, columns]` as tiles of 64 columns.
  private static func tiled(_ w: [Float], rows: Int, columns: Int) -> [Float] {
    stride(from: 0, to: columns, by: 64).flatMap { first -> [Float] in
      let width = min(64, padded(columns) - first)
      return (0..<rows).flatMap { row in
        (first..<first + width).map { $0 < columns ? w[row * columns + $0] : 0 }
      }
    }
  }

  private static func expectClose(
    _ ours: some Sequence<Float>,
    _ expected: [Float],
    _ note: String,
    location: SourceLocation = #_sourceLocation
  ) {
    let error = zip(ours, expected).reduce(Float(0)) { greatest, pair in
      let error = abs(pair.0 - pair.1)
      return error.isNaN ? .infinity : max(greatest, error)
    }
    let largest = expected.map(abs).max() ?? 0
    #expect(error <= 1e-5 * max(largest, 1), "\(note)", sourceLocation: location)
  }

  private static let oracles = [
    ProductOracle((9, 11), channels: (12, 11), kernel: 3, padding: 1),
    ProductOracle((20, 17), channels: (64, 70), kernel: 3, padding: 1),
    ProductOracle((7, 9), channels: (130, 48), kernel: 3, stride: 2, padding: 1),
    ProductOracle((12, 12), channels: (48, 128), kernel: 1, padding: 0),
    ProductOracle((10, 8), channels: (40, 64), kernel: 5, padding: 2),
  ]

  @Test(arguments: variants, [Float(0), 0.05, 0.6])
  func convolutionOfSpikes(_ variant: String, density: Float) throws {
    let kernels = try Self.kernels(variant)
    for oracle in Self.oracles {
      var shape = oracle.shape
      let (inputs, outputs) = (shape.in_channels, shape.out_channels)
      let x = Self.values(oracle.inRows * inputs, density: density, binary: true)
      let w = Self.values(oracle.window * outputs)
      let bias = Self.values(outputs)
      var y = [Float](repeating: 0, count: oracle.outRows * outputs + 16)
      var scratch = [UInt8](repeating: 0, count: spike_conv_scratch_size(&shape))
      kernels.spike_conv_forward(
        &shape,
        Self.packed(x, rows: oracle.inRows, channels: inputs),
        Self.tiled(w, rows: oracle.window, columns: outputs),
        bias,
        &y,
        0,
        oracle.outRows,
        &scratch
      )
      Self.expectClose(y, oracle.forward(x, w, bias: bias), "\(variant) \(shape)")
    }
  }

  @Test(arguments: variants, [Float(0), 0.05, 0.6])
  func weightGradientOfSpikes(_ variant: String, density: Float) throws {
    let kernels = try Self.kernels(variant)
    for oracle in Self.oracles {
      var shape = oracle.shape
      let (inputs, outputs) = (shape.in_channels, shape.out_channels)
      let x = Self.values(oracle.inRows * inputs, density: density, binary: true)
      let dy = Self.values(oracle.outRows * outputs)
      var dw = [Float](repeating: 0, count: oracle.window * Self.padded(outputs))
      var scratch = [UInt8](repeating: 0, count: spike_conv_scratch_size(&shape))
      kernels.spike_conv_weight_gradient(
        &shape,
        Self.packed(x, rows: oracle.inRows, channels: inputs),
        dy,
        0,
        oracle.outRows,
        0,
        outputs,
        &dw,
        &scratch
      )
      let expected = oracle.weightGradient(x, dy)
      let first = Self.tiled(expected, rows: oracle.window, columns: outputs)
      // Columns past the last one hold what lay behind the rows of dy.
      let used = Self.tiled(
        [Float](repeating: 1, count: expected.count),
        rows: oracle.window,
        columns: outputs
      )
      Self.expectClose(zip(dw, used).map { $0 * $1 }, first, "\(variant) \(shape)")
    }
  }

  @Test(arguments: variants)
  func countsSplitIntoBinaryDigits(_ variant: String) throws {
    let kernels = try Self.kernels(variant)
    let (rows, channels, planes) = (5, 128, 5)
    let counts = (0..<rows * channels).map { Float($0 * 7 % 32) }
    #expect(kernels.count_digits(counts, counts.count) == 31)
    #expect(kernels.count_digits([0, 2, 1, 2], 3) == 3)
    for odd in [-1, 0.5, 32, 1e30, -.infinity, .nan] as [Float] {
      #expect(kernels.count_digits([1, 2, 3, odd] + counts, 21) == -1, "\(odd)")
    }
    var words = [UInt64](repeating: .max, count: rows * planes * channels / 64)
    kernels.split_counts(counts, &words, rows, channels, planes)
    for (index, count) in counts.enumerated() {
      let (row, channel) = index.quotientAndRemainder(dividingBy: channels)
      let digits = (0..<planes).map { plane in
        let bit = (row * planes + plane) * channels + channel
        return Int(words[bit / 64] >> UInt64(bit % 64) & 1) << plane
      }
      #expect(digits.reduce(0, +) == Int(count))
    }
  }

  @Test(arguments: variants, [(1, 3, 5), (13, 40, 11), (24, 64, 64), (50, 100, 150)])
  func denseProduct(_ variant: String, _ size: (rows: Int, depth: Int, columns: Int)) throws {
    let kernels = try Self.kernels(variant)
    let oracle = ProductOracle(
      (size.rows, 1),
      channels: (size.depth, size.columns),
      kernel: 1,
      padding: 0
    )
    let rows = oracle.inRows
    let a = Self.values(rows * size.depth)
    let w = Self.values(size.depth * size.columns)
    var y = [Float](repeating: 0, count: rows * size.columns + 16)
    kernels.dense_product(
      a,
      size.depth,
      size.depth,
      Self.tiled(w, rows: size.depth, columns: size.columns),
      &y,
      rows,
      size.columns
    )
    let none = [Float](repeating: 0, count: size.columns)
    Self.expectClose(y, oracle.forward(a, w, bias: none), "\(variant) \(size)")
  }

  @Test(arguments: variants, [(8, 8), (7, 9), (1, 3)])
  func winogradConvolution(_ variant: String, _ size: (height: Int, width: Int)) throws {
    let kernels = try Self.kernels(variant)
    for (channels, padding) in [((20, 33), 1), ((64, 80), 1), ((17, 16), 2)] {
      let oracle = ProductOracle(size, channels: channels, kernel: 3, padding: padding)
      var shape = oracle.shape
      let (inputs, outputs) = (shape.in_channels, shape.out_channels)
      let x = Self.values(oracle.inRows * inputs)
      let w = Self.values(9 * inputs * outputs)
      var tiles = [Float](repeating: 0, count: 16 * inputs * Self.padded(outputs))
      kernels.winograd_weights(w, inputs, outputs, &tiles, 0, inputs)
      let blocks = shape.images * ((shape.out_height + 1) / 2) * ((shape.out_width + 1) / 2)
      var scratch = [Float](repeating: 0, count: winograd_scratch_floats(&shape, blocks))
      var y = [Float](repeating: 0, count: oracle.outRows * outputs + 16)
      kernels.winograd_conv(&shape, x, tiles, &y, 0, blocks, &scratch)
      let none = [Float](repeating: 0, count: outputs)
      Self.expectClose(y, oracle.forward(x, w, bias: none), "\(variant) \(shape)")
    }
  }
}
