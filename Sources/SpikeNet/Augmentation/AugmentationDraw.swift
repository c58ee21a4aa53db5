import Foundation

/// Places and sizes of changes that are drawn at random for samples of a shape.
struct AugmentationDraw {
  private let steps: Int
  private let height: Int
  private let width: Int

  init(shape: Shape) {
    (steps, height, width) = (shape[0], shape[1], shape[2])
  }

  func roll(upTo limit: Int, using generator: inout SeededGenerator) -> SampleTransform {
    let x = generator.integer(in: -limit...limit)
    return .roll(x: x, y: generator.integer(in: -limit...limit))
  }

  func translation(upTo limit: Int, using generator: inout SeededGenerator) -> SampleTransform {
    let x = generator.integer(in: -limit...limit)
    return .translate(x: x, y: generator.integer(in: -limit...limit))
  }

  /// A square around any pixel, cut at the borders (DeVries and Taylor, 2017).
  func cutout(side: Int, using generator: inout SeededGenerator) -> SampleTransform {
    let x = generator.integer(below: width) - side / 2
    let y = generator.integer(below: height) - side / 2
    return .erase(x: x..<x + side, y: y..<y + side)
  }

  /// A rectangle within the frame, with an area as a share of the frame's (Zhong et al., 2020).
  ///
  /// - Returns: Nothing if ten draws gave none that fits.
  func erasing(
    area: ClosedRange<Double>,
    aspect: ClosedRange<Double>,
    using generator: inout SeededGenerator
  ) -> [SampleTransform] {
    for _ in 0..<10 {
      let size = generator.uniform(in: area) * Double(height * width)
      let ratio = exp(generator.uniform(in: log(aspect.lowerBound)...log(aspect.upperBound)))
      let rows = Int((size * ratio).squareRoot().rounded())
      let columns = Int((size / ratio).squareRoot().rounded())
      guard rows < height, columns < width else { continue }
      let y = generator.integer(below: height - rows + 1)
      let x = generator.integer(below: width - columns + 1)
      return [.erase(x: x..<x + columns, y: y..<y + rows)]
    }
    return []
  }

  /// A stretch of frames that is a share of all.
  func dropTime(_ share: Double, using generator: inout SeededGenerator) -> SampleTransform {
    let count = min(Int((share * Double(steps)).rounded()), steps)
    let first = generator.integer(below: steps - count + 1)
    return .dropFrames(first..<first + count)
  }

  /// A rectangle whose sides are a share of the frame's.
  func dropArea(_ share: Double, using generator: inout SeededGenerator) -> SampleTransform {
    let x = generator.integer(below: width)
    let y = generator.integer(below: height)
    let columns = Int((share * Double(width)).rounded())
    let rows = Int((share * Double(height)).rounded())
    return .erase(x: x..<x + columns, y: y..<y + rows)
  }
}
