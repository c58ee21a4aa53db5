/// The pixels of an event camera: each reports when its log intensity has moved by a threshold.
///
/// A pixel holds the level of its last event, L₀. When the level L reaches L₀ ± θ it emits an
/// event of that sign and L₀ moves by ±θ; θ differs a little between pixels. Between two
/// exposures L is taken as linear, which gives the time of each crossing.
package struct ContrastSensor: Sendable {
  /// One event before sorting.
  package struct Firing: Sendable, Equatable {
    /// Time in microseconds.
    package var t: Int64
    /// Row times width plus column.
    package var pixel: Int32
    /// The sign of the change.
    package var polarity: Polarity
  }

  /// The size of the sensor.
  package let geometry: SensorGeometry
  /// Width of the blur between shape and ground, in pixels.
  let edgeWidth = 2.0
  private let thresholds: [Float]
  private var levels: [Float]
  private var references: [Float]
  private var regionsBefore: [PixelRegion] = []

  /// Creates a camera that looks at an even ground.
  ///
  /// - Parameters:
  ///   - threshold: Mean of θ, in log intensity.
  ///   - mismatch: Deviation of θ between pixels, as a share of it.
  package init(
    geometry: SensorGeometry,
    threshold: Double = 0.22,
    mismatch: Double = 0.06,
    using generator: inout SynthesisGenerator
  ) {
    self.geometry = geometry
    let count = geometry.width * geometry.height
    thresholds = (0..<count).map { _ in
      Float(threshold * (1 + mismatch * min(max(generator.normal(), -3), 3)))
    }
    levels = Array(repeating: 0, count: count)
    references = levels
  }

  /// Shows the sensor a new picture and collects the events of the way to it.
  ///
  /// - Parameters:
  ///   - shapes: What is in view now.
  ///   - contrast: Log intensity of a fully visible shape against the ground.
  ///   - times: From the picture before to this one, in microseconds.
  package mutating func expose(
    to shapes: [SyntheticShape],
    contrast: Double,
    times: Range<Int64>,
    into firings: inout [Firing]
  ) {
    for region in changedRegions(shapes) {
      for row in region.rows {
        for column in region.columns {
          var coverage = 0.0
          for shape in shapes {
            let share = shape.coverage(x: Double(column), y: Double(row), edgeWidth: edgeWidth)
            coverage = max(coverage, share)
          }
          let pixel = row * geometry.width + column
          let level = Float(contrast * coverage)
          if level != levels[pixel] {
            fire(pixel, to: level, times: times, into: &firings)
          }
        }
      }
    }
  }

  /// Returns the pixels of each shape and of the place where it was in the picture before.
  private mutating func changedRegions(_ shapes: [SyntheticShape]) -> [PixelRegion] {
    let before = regionsBefore
    let after = shapes.map { $0.region(edgeWidth: edgeWidth, on: geometry) }
    regionsBefore = after
    guard before.count == after.count else { return before + after }
    return zip(before, after).map { $0.union($1) }
  }

  /// Moves one pixel to a new level.
  private mutating func fire(
    _ pixel: Int,
    to level: Float,
    times: Range<Int64>,
    into firings: inout [Firing]
  ) {
    let before = levels[pixel]
    let rises = level > before
    let step = rises ? thresholds[pixel] : -thresholds[pixel]
    levels[pixel] = level
    while rises ? references[pixel] + step <= level : references[pixel] + step >= level {
      references[pixel] += step
      let share = Double((references[pixel] - before) / (level - before))
      // The level before was within a threshold of the reference: only rounding needs the clamp.
      let passed = min(max(share, 0), 1) * Double(times.upperBound - 1 - times.lowerBound)
      firings.append(
        Firing(
          t: times.lowerBound + Int64(passed),
          pixel: Int32(pixel),
          polarity: rises ? .on : .off
        )
      )
    }
  }
}
