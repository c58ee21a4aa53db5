import CSpikeKernels
import Foundation
import SpikeNet
import Testing

/// Kernels of networks without spikes, in every instruction set, against sums in double precision.
@Suite struct RowKernelTests {
  private static func normal(_ count: Int, _ seed: UInt64, deviation: Float = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return Tensor.normal([count], standardDeviation: deviation, using: &generator).scalars
      + [Float](repeating: .nan, count: 16)  // what lies behind a row must not matter
  }

  private static func expectClose(_ ours: [Float], _ expected: [Double], _ note: String) {
    let error = zip(ours, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
    let largest = expected.map(abs).max() ?? 0
    #expect(error <= 2e-6 * max(largest, 1), "\(note): \(error)")
  }

  private static func rows(_ x: [Float], _ width: Int, _ count: Int) -> [[Double]] {
    (0..<count).map { x[$0 * width..<($0 + 1) * width].map(Double.init) }
  }

  @Test(arguments: KernelVariantTests.variants, [1, 7, 16, 33, 256])
  func layerNormalization(_ variant: String, channels: Int) throws {
    let kernels = try #require(spike_kernels_named(variant)).pointee
    let count = 37
    let (x, gamma, beta) = (
      Self.normal(count * channels, 1), Self.normal(channels, 2), Self.normal(channels, 3)
    )
    var y = [Float](repeating: 0, count: count * channels)
    var (mean, inverse) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    kernels.layer_norm(x, count, channels, gamma, beta, 1e-6, &y, &mean, &inverse)
    var expected: [Double] = []
    var expectedGradient: [Double] = []
    let g = Self.normal(count * channels, 4)
    var expectedSums = [Double](repeating: 0, count: channels)
    for (row, gradient) in zip(Self.rows(x, channels, count), Self.rows(g, channels, count)) {
      let centre = row.reduce(0, +) / Double(channels)
      let variance = row.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(channels)
      let factor = 1 / (variance + 1e-6).squareRoot()
      let normal = row.map { ($0 - centre) * factor }
      expected += normal.indices.map { normal[$0] * Double(gamma[$0]) + Double(beta[$0]) }
      let scaled = gradient.indices.map { gradient[$0] * Double(gamma[$0]) }
      let share = scaled.reduce(0, +) / Double(channels)
      let along = zip(scaled, normal).reduce(0) { $0 + $1.0 * $1.1 } / Double(channels)
      expectedGradient += scaled.indices.map { factor * (scaled[$0] - share - normal[$0] * along) }
      for channel in 0..<channels { expectedSums[channel] += gradient[channel] * normal[channel] }
    }
    Self.expectClose(y, expected, "y")
    var dx = g
    var sums = [Double](repeating: 0, count: (channels + 15) / 16 * 16)
    var products = sums
    kernels.layer_norm_gradient(&dx, x, count, channels, gamma, mean, inverse, &sums, &products)
    // A single channel has no deviation: its gradient is 0 times the factor 1000.
    if channels > 1 { Self.expectClose(dx, expectedGradient, "dx") }
    Self.expectClose(products.map(Float.init), expectedSums, "gradient of gamma")
  }

  @Test(arguments: KernelVariantTests.variants, [1, 16, 65, 257])
  func softmax(_ variant: String, columns: Int) throws {
    let kernels = try #require(spike_kernels_named(variant)).pointee
    let count = 5
    let x = Self.normal(count * columns, 5, deviation: 30)
    var p = x
    kernels.softmax_rows(&p, count, columns)
    let expected = Self.rows(x, columns, count).flatMap { row in
      let greatest = row.max() ?? 0
      let total = row.reduce(0) { $0 + exp($1 - greatest) }
      return row.map { exp($0 - greatest) / total }
    }
    Self.expectClose(p, expected, "softmax")
    let g = Self.normal(count * columns, 6)
    var ds = g
    kernels.softmax_gradient(p, &ds, count, columns)
    let gradients = zip(Self.rows(p, columns, count), Self.rows(g, columns, count))
    let expectedGradient = gradients.flatMap { p, g in
      let mean = zip(p, g).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(p, g).map { $0 * ($1 - mean) }
    }
    Self.expectClose(ds, expectedGradient, "gradient")
  }

  @Test(arguments: KernelVariantTests.variants)
  func gelu(_ variant: String) throws {
    let kernels = try #require(spike_kernels_named(variant)).pointee
    let x = (-1200...1200).map { Float($0) / 100 }
    var y = [Float](repeating: 0, count: x.count)
    kernels.gelu(x, &y, x.count)
    func share(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    Self.expectClose(y, x.map { Double($0) * share(Double($0)) }, "value")
    var g = [Float](repeating: 1, count: x.count)
    kernels.gelu_gradient(&g, x, x.count)
    let slopes = x.map { value in
      let x = Double(value)
      return share(x) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    }
    Self.expectClose(g, slopes, "slope")
  }
}
