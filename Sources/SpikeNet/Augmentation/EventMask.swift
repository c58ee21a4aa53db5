import Foundation

/// Cells of time and space under the hills of a few Gaussians: what EventMix takes from the partner.
public struct EventMask: Sendable {
  /// Whether a cell `[T, H, W]` is taken.
  private let isTaken: [Bool]

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
    isTaken = heights.map { $0 >= level }
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
    let (samples, channels) = (frames.shape[1], frames.shape[4])
    let cells = frames.shape[2] * frames.shape[3]
    let shares = takenShares(frames)
    let values = frames.mutablePointer
    for (cell, isTaken) in isTaken.enumerated() where isTaken {
      let (step, pixel) = cell.quotientAndRemainder(dividingBy: cells)
      for sample in 0..<samples / 2 {
        let a = values + ((step * samples + sample) * cells + pixel) * channels
        let b = values + ((step * samples + samples - 1 - sample) * cells + pixel) * channels
        for channel in 0..<channels { swap(&a[channel], &b[channel]) }
      }
    }
    return (0..<samples).map { sample in
      let (kept, taken) = (1 - shares[sample], shares[samples - 1 - sample])
      return kept + taken > 0 ? kept / (kept + taken) : 1
    }
  }

  /// The share of every sample's events that lies in the mask.
  private func takenShares(_ frames: Tensor) -> [Double] {
    let (samples, channels) = (frames.shape[1], frames.shape[4])
    let cells = frames.shape[2] * frames.shape[3]
    let values = frames.pointer
    var sums = [(taken: Double, all: Double)](repeating: (0, 0), count: samples)
    for (cell, isTaken) in isTaken.enumerated() {
      let (step, pixel) = cell.quotientAndRemainder(dividingBy: cells)
      for sample in 0..<samples {
        let first = ((step * samples + sample) * cells + pixel) * channels
        let count = (first..<first + channels).reduce(0.0) { $0 + Double(values[$1]) }
        sums[sample].all += count
        if isTaken { sums[sample].taken += count }
      }
    }
    return withExtendedLifetime(frames) { sums.map { $0.all > 0 ? $0.taken / $0.all : 0 } }
  }
}
