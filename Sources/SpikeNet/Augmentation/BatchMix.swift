/// One way of mixing the samples of a batch `[T, B, H, W, C]` with those of the reversed batch.
///
/// What is classified mixes likewise; the weight is that of the sample itself, not of its partner.
public enum BatchMix: Sendable {
  /// Adds both, weighted (mixup; Zhang et al., 2018).
  case blend(weight: Double)
  /// Takes a rectangle from the partner (CutMix; Yun et al., 2019).
  case cut(x: Range<Int>, y: Range<Int>)
  /// Takes a region of time and space from the partner (EventMix; Shen et al., 2023).
  case masked(EventMask)

  /// A rectangle around any pixel, with the area that is left to the partner, cut at the borders.
  static func box(
    weight: Double,
    shape: Shape,
    using generator: inout SeededGenerator
  ) -> BatchMix {
    let (height, width) = (shape[2], shape[3])
    let side = (1 - weight).squareRoot()
    let (rows, columns) = (Int(Double(height) * side), Int(Double(width) * side))
    let (y, x) = (generator.integer(below: height), generator.integer(below: width))
    return .cut(
      x: max(x - columns / 2, 0)..<min(x + columns / 2, width),
      y: max(y - rows / 2, 0)..<min(y + rows / 2, height)
    )
  }

  /// Mixes a batch.
  ///
  /// - Parameter targets: Probabilities `[B, classes]` of the samples, which are mixed likewise.
  public func apply(to frames: inout Tensor, _ targets: inout Tensor) {
    let samples = frames.shape[1]
    precondition(targets.shape[0] == samples, "mix: \(targets.shape) of \(samples) samples")
    let weights =
      switch self {
      case .blend(let weight):
        Self.blend(&frames, Float(weight), samples: samples)
      case .cut(let x, let y): Self.cut(&frames, x, y)
      case .masked(let mask): mask.apply(to: &frames)
      }
    let (unmixed, classes) = (targets, targets.shape[1])
    for sample in 0..<samples {
      let (own, other) = (Float(weights[sample]), Float(1 - weights[sample]))
      for index in 0..<classes {
        targets[sample * classes + index] =
          unmixed[sample * classes + index] * own
          + unmixed[(samples - 1 - sample) * classes + index] * other
      }
    }
  }

  private static func blend(_ frames: inout Tensor, _ own: Float, samples: Int) -> [Double] {
    let (steps, size) = (frames.shape[0], frames.count / frames.shape[0] / samples)
    let (values, other) = (frames.mutablePointer, 1 - own)
    for step in 0..<steps {
      for sample in 0..<(samples + 1) / 2 {
        let a = values + (step * samples + sample) * size
        let b = values + (step * samples + samples - 1 - sample) * size
        for index in 0..<size {
          let (left, right) = (a[index], b[index])
          a[index] = left * own + right * other
          b[index] = right * own + left * other
        }
      }
    }
    return Array(repeating: Double(own), count: samples)
  }

  private static func cut(_ frames: inout Tensor, _ x: Range<Int>, _ y: Range<Int>) -> [Double] {
    let shape = frames.shape
    let (samples, height, width, channels) = (shape[1], shape[2], shape[3], shape[4])
    let values = frames.mutablePointer
    for step in 0..<shape[0] {
      for sample in 0..<samples / 2 {
        for row in y {
          let first = (row * width + x.lowerBound) * channels
          let size = height * width * channels
          let a = values + (step * samples + sample) * size + first
          let b = values + (step * samples + samples - 1 - sample) * size + first
          for index in 0..<x.count * channels { swap(&a[index], &b[index]) }
        }
      }
    }
    let share = Double(x.count * y.count) / Double(height * width)
    return Array(repeating: 1 - share, count: samples)
  }
}
