import Foundation

/// Cells of time and space under the hills of a few Gaussians: what EventMix takes from the partner.
public struct EventMask: Sendable {
  /// Pixels `[H, W]` of one time step that follow one another and are taken.
  private struct Run {
    var step: Int
    var pixels: Range<Int>
  }

  private let runs: [Run]

  /// Cells that are compared to find the height above which a share of them lies.
  private static let mostCompared = 4096

  /// Draws a mask.
  ///
  /// - Parameters:
  ///   - share: The share of cells that is taken, about.
  ///   - shape: The frames, `[T, B, H, W, C]`.
  init(share: Double, shape: Shape, using generator: inout SeededGenerator) {
    let sizes = [shape[0], shape[2], shape[3]]
    var heights = [Float](repeating: 0, count: sizes.reduce(1, *))
    for _ in 0..<generator.integer(in: 2...4) {
      let weight = Float(generator.uniform())
      let slopes = sizes.map { Self.slope(size: $0, using: &generator) }
      var index = 0
      for t in slopes[0] {
        for y in slopes[1] {
          for x in slopes[2] {
            heights[index] += weight * t * y * x
            index += 1
          }
        }
      }
    }
    let stride = max(heights.count / Self.mostCompared, 1)
    let compared = Swift.stride(from: 0, to: heights.count, by: stride).map { heights[$0] }.sorted()
    let position = Int((1 - share) * Double(compared.count))
    let level = position < compared.count ? compared[max(position, 0)] : .infinity
    runs = (0..<shape[0]).flatMap { Self.runs(of: $0, pixels: shape[2] * shape[3], heights, level) }
  }

  /// The pixels of a time step that are at least as high as a level.
  private static func runs(
    of step: Int,
    pixels: Int,
    _ heights: [Float],
    _ level: Float
  ) -> [Run] {
    var runs: [Run] = []
    var start: Int?
    for pixel in 0..<pixels {
      let isTaken = heights[step * pixels + pixel] >= level
      if isTaken, start == nil { start = pixel }
      if !isTaken, let first = start {
        runs.append(Run(step: step, pixels: first..<pixel))
        start = nil
      }
    }
    if let first = start { runs.append(Run(step: step, pixels: first..<pixels)) }
    return runs
  }

  /// A Gaussian along one dimension, around any place in it.
  private static func slope(size: Int, using generator: inout SeededGenerator) -> [Float] {
    let center = Double(generator.integer(below: size))
    let spread = max(generator.uniform(), 0.1) * Double(size) / 2
    return (0..<size).map { Float(exp(-pow((Double($0) - center) / spread, 2) / 2)) }
  }

  /// Swaps the cells of mirrored samples.
  ///
  /// - Returns: The weight of every sample: its share of the events, each sample's counted as one.
  func apply(to frames: inout Tensor) -> [Double] {
    let samples = frames.shape[1]
    let shares = takenShares(frames)
    let values = frames.mutablePointer
    for run in runs {
      for sample in 0..<samples / 2 {
        let own = place(of: run, sample, frames.shape)
        let other = place(of: run, samples - 1 - sample, frames.shape)
        for (a, b) in zip(own, other) { swap(&values[a], &values[b]) }
      }
    }
    return (0..<samples).map { sample in
      let (kept, taken) = (1 - shares[sample], shares[samples - 1 - sample])
      return kept + taken > 0 ? kept / (kept + taken) : 1
    }
  }

  /// Where a run lies in one sample of a batch.
  private func place(of run: Run, _ sample: Int, _ shape: Shape) -> Range<Int> {
    let first = (run.step * shape[1] + sample) * shape[2] * shape[3]
    return (first + run.pixels.lowerBound) * shape[4]..<(first + run.pixels.upperBound) * shape[4]
  }

  /// The share of every sample's events that lies in the mask.
  private func takenShares(_ frames: Tensor) -> [Double] {
    let (steps, samples) = (frames.shape[0], frames.shape[1])
    let size = frames.count / max(steps * samples, 1)
    let values = UnsafeBufferPointer(start: frames.pointer, count: frames.count)
    var all = [Double](repeating: 0, count: samples)
    var taken = all
    for frame in 0..<steps * samples {
      all[frame % samples] += Self.sum(values, frame * size..<(frame + 1) * size)
    }
    for run in runs {
      for sample in 0..<samples {
        taken[sample] += Self.sum(values, place(of: run, sample, frames.shape))
      }
    }
    return withExtendedLifetime(frames) { zip(taken, all).map { $1 > 0 ? $0 / $1 : 0 } }
  }

  private static func sum(_ values: UnsafeBufferPointer<Float>, _ range: Range<Int>) -> Double {
    var sum = 0.0
    for index in range { sum += Double(values[index]) }
    return sum
  }
}
