/// Events without a cause: leak and shot noise of all pixels, and a few pixels that fire steadily.
struct BackgroundNoise {
  private let pixelCount: Int
  /// Events per microsecond of the whole sensor.
  private let rate: Double
  private let hotPixels: [Int32]
  private let hotRate: Double
  private var nextNoise: Double
  private var nextHot: Double

  /// Creates the noise of one camera; its rate lies within a factor of two of the parameter's.
  init(
    parameters: GestureParameters,
    geometry: SensorGeometry,
    from start: Int64,
    using generator: inout SynthesisGenerator
  ) {
    let pixelCount = geometry.width * geometry.height
    self.pixelCount = pixelCount
    let factor = generator.uniform(0.5...2)
    rate = parameters.noiseRate * factor * Double(pixelCount) * 1e-6
    hotPixels = (0..<parameters.hotPixels).map { _ in
      Int32.random(in: 0..<Int32(pixelCount), using: &generator)
    }
    hotRate = parameters.hotPixelRate * Double(hotPixels.count) * 1e-6
    nextNoise = Self.next(after: Double(start), rate: rate, using: &generator)
    nextHot = Self.next(after: Double(start), rate: hotRate, using: &generator)
  }

  /// Appends the noise up to a time, in microseconds.
  mutating func fire(
    until end: Int64,
    into firings: inout [ContrastSensor.Firing],
    using generator: inout SynthesisGenerator
  ) {
    while nextNoise < Double(end) {
      let pixel = Int32.random(in: 0..<Int32(pixelCount), using: &generator)
      let polarity: Polarity = generator.unit() < 0.5 ? .off : .on
      firings.append(.init(t: Int64(nextNoise), pixel: pixel, polarity: polarity))
      nextNoise = Self.next(after: nextNoise, rate: rate, using: &generator)
    }
    while nextHot < Double(end) {
      let index = Int.random(in: 0..<hotPixels.count, using: &generator)
      firings.append(.init(t: Int64(nextHot), pixel: hotPixels[index], polarity: .on))
      nextHot = Self.next(after: nextHot, rate: hotRate, using: &generator)
    }
  }

  private static func next(
    after time: Double,
    rate: Double,
    using generator: inout SynthesisGenerator
  ) -> Double {
    rate > 0 ? time + generator.waitingTime(rate: rate) : .infinity
  }
}
