import Foundation

/// One change of one sample `[T, H, W, C]`, the same for all its frames, with nothing left to chance.
///
/// Pixels are taken from the nearest place and zeros come in at the borders, as torchvision does it
/// for tensors.
public enum SampleTransform: Hashable, Sendable {
  /// Mirrors left and right.
  case flip
  /// Moves pixels right and down; what leaves at one side comes in at the other.
  case roll(x: Int, y: Int)
  /// Moves pixels right and down; zeros come in.
  case translate(x: Int, y: Int)
  /// Turns around the centre, against the clock.
  case rotate(degrees: Double)
  /// Shifts each row by `tan(angle)` pixels more than the one above; the angle is in radians.
  case shear(angle: Double)
  /// Erases a rectangle in every frame.
  case erase(x: Range<Int>, y: Range<Int>)
  /// Erases whole frames.
  case dropFrames(Range<Int>)
  /// Removes every event with a probability; the seed decides which.
  case dropEvents(share: Double, seed: UInt64)

  /// Changes a sample.
  public func apply(to sample: inout Tensor) {
    let shape = sample.shape
    precondition(shape.rank == 4, "transform: sample \(shape)")
    let (steps, height, width) = (shape[0], shape[1], shape[2])
    switch self {
    case .flip:
      PixelMap(height: height, width: width) { (width - 1 - $0, $1) }.apply(to: &sample)
    case .roll(let x, let y):
      PixelMap(height: height, width: width) {
        (Self.wrapped($0 - x, width), Self.wrapped($1 - y, height))
      }.apply(to: &sample)
    case .translate(let x, let y):
      PixelMap(height: height, width: width) { ($0 - x, $1 - y) }.apply(to: &sample)
    case .rotate(let degrees):
      PixelMap(height: height, width: width, .rotation(degrees: degrees)).apply(to: &sample)
    case .shear(let angle):
      PixelMap(height: height, width: width, .shear(angle: angle)).apply(to: &sample)
    case .erase(let x, let y):
      for step in 0..<steps { Self.erase(x, y, step, &sample) }
    case .dropFrames(let frames):
      for step in frames.clamped(to: 0..<steps) {
        Self.erase(0..<width, 0..<height, step, &sample)
      }
    case .dropEvents(let share, let seed): Self.drop(share, seed, &sample)
    }
  }

  private static func wrapped(_ value: Int, _ size: Int) -> Int {
    let rest = value % size
    return rest < 0 ? rest + size : rest
  }

  private static func erase(_ x: Range<Int>, _ y: Range<Int>, _ step: Int, _ sample: inout Tensor) {
    let (height, width, channels) = (sample.shape[1], sample.shape[2], sample.shape[3])
    let columns = x.clamped(to: 0..<width)
    let values = sample.mutablePointer + step * height * width * channels
    for row in y.clamped(to: 0..<height) {
      (values + (row * width + columns.lowerBound) * channels)
        .update(repeating: 0, count: columns.count * channels)
    }
  }

  /// Counts above this are thinned by their mean and spread, which at that size is the same.
  private static let countedOneByOne: Float = 64

  private static func drop(_ share: Double, _ seed: UInt64, _ sample: inout Tensor) {
    var generator = SeededGenerator(seed: seed)
    let kept = 1 - min(max(share, 0), 1)
    let values = sample.mutablePointer
    for index in 0..<sample.count where values[index] > 0 {
      let count = values[index]
      if count <= countedOneByOne, count == count.rounded() {
        values[index] = Float((0..<Int(count)).count { _ in generator.chance(kept) })
      } else {
        let mean = Double(count) * kept
        let spread = (mean * (1 - kept)).squareRoot() * generator.normal()
        values[index] = Float(min(max((mean + spread).rounded(), 0), Double(count)))
      }
    }
  }
}
