import Foundation

/// Where each pixel of a transformed frame comes from: the nearest pixel, or nothing.
///
/// The arithmetic is torchvision's for tensors, in single precision: pixel centres are numbered from
/// the centre of the frame, and half-way cases go to the even pixel.
struct PixelMap {
  /// Source pixels `[H, W]` in row-major order; −1 where nothing comes from.
  private(set) var sources: [Int32]
  private let height: Int
  private let width: Int

  /// The inverse of a map of coordinates: x' = a·x + b·y + c, y' = d·x + e·y + f.
  struct Affine {
    var a = 1.0
    var b = 0.0
    var c = 0.0
    var d = 0.0
    var e = 1.0
    var f = 0.0

    /// Turns by an angle in degrees, against the clock.
    static func rotation(degrees: Double) -> Affine {
      let angle = -degrees * .pi / 180
      return Affine(a: cos(angle), b: sin(angle), d: -sin(angle), e: cos(angle))
    }

    /// Shifts rows by `tan(angle)` pixels a row; the angle is in radians.
    static func shear(angle: Double) -> Affine { Affine(b: tan(angle)) }
  }

  /// Maps every pixel by a rule of its own.
  init(height: Int, width: Int, source: (_ x: Int, _ y: Int) -> (x: Int, y: Int)?) {
    self.height = height
    self.width = width
    sources = []
    sources.reserveCapacity(height * width)
    for y in 0..<height {
      for x in 0..<width {
        guard let (column, row) = source(x, y), (0..<width).contains(column),
          (0..<height).contains(row)
        else {
          sources.append(-1)
          continue
        }
        sources.append(Int32(row * width + column))
      }
    }
  }

  /// Maps by an affine function around the centre of the frame.
  init(height: Int, width: Int, _ affine: Affine) {
    let (halfWidth, halfHeight) = (0.5 * Float(width), 0.5 * Float(height))
    let row = [affine.a, affine.b, affine.c].map { Float($0) / halfWidth }
    let column = [affine.d, affine.e, affine.f].map { Float($0) / halfHeight }
    self.init(height: height, width: width) { x, y in
      let (u, v) = (Float(x) + 0.5 - halfWidth, Float(y) + 0.5 - halfHeight)
      let gridX = u * row[0] + v * row[1] + row[2]
      let gridY = u * column[0] + v * column[1] + column[2]
      let sourceX = ((gridX + 1) * Float(width) - 1) / 2
      let sourceY = ((gridY + 1) * Float(height) - 1) / 2
      return (Self.nearest(sourceX, below: width), Self.nearest(sourceY, below: height))
    }
  }

  /// The nearest pixel; −1 or `size` for all that is outside.
  private static func nearest(_ position: Float, below size: Int) -> Int {
    Int(min(max(position.rounded(.toNearestOrEven), -1), Float(size)))
  }

  /// Moves the pixels of all frames of `[T, H, W, C]`.
  func apply(to sample: inout Tensor) {
    let (steps, channels) = (sample.shape[0], sample.shape[3])
    let frameSize = height * width * channels
    var frame = Tensor(uninitialized: [height, width, channels])
    let (source, target) = (frame.mutablePointer, sample.mutablePointer)
    for step in 0..<steps {
      let moved = target + step * frameSize
      source.update(from: moved, count: frameSize)
      for (pixel, from) in sources.enumerated() {
        for channel in 0..<channels {
          moved[pixel * channels + channel] =
            from < 0 ? 0 : source[Int(from) * channels + channel]
        }
      }
    }
  }
}
