import SpikeNet

/// What is read of each frame: a square in its centre, or means of small squares, or all of it.
struct FrameWindow {
  /// Rows of what is read.
  let rows: Int
  /// Columns of what is read.
  let columns: Int
  private let height: Int
  private let width: Int
  private let top: Int
  private let left: Int
  private let factor: Int

  /// Places the window; nil if nothing would be left, or the frame is smaller than the square.
  init?(height: Int, width: Int, reading input: InputExpectation) {
    guard input.crop <= min(height, width) else { return nil }
    (self.height, self.width, factor) = (height, width, input.downscale)
    let (cropHeight, cropWidth) = input.crop == 0 ? (height, width) : (input.crop, input.crop)
    (top, left) = ((height - cropHeight) / 2, (width - cropWidth) / 2)
    (rows, columns) = (cropHeight / factor, cropWidth / factor)
    guard rows > 0, columns > 0 else { return nil }
  }

  /// Takes counts `[T, 2, H, W]` to `[T, rows, columns, 2]`.
  func read(
    _ counts: UnsafeBufferPointer<Int32>,
    steps: Int,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    for step in 0..<steps {
      for channel in 0..<2 {
        let first = (step * 2 + channel) * height * width
        var position = step * rows * columns * 2 + channel
        for row in 0..<rows {
          let line = first + (top + row * factor) * width + left
          for column in 0..<columns {
            target[position] =
              factor == 1 ? Float(counts[line + column]) : mean(counts, line, column)
            position += 2
          }
        }
      }
    }
  }

  private func mean(_ counts: UnsafeBufferPointer<Int32>, _ line: Int, _ column: Int) -> Float {
    var sum: Float = 0
    for row in 0..<factor {
      let first = line + row * width + column * factor
      for pixel in first..<first + factor { sum += Float(counts[pixel]) }
    }
    return sum / Float(factor * factor)
  }
}
