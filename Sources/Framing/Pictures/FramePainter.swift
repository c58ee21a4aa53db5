import Imaging

/// Paints event frames: ON warm, OFF cool, both white, nothing dark.
///
/// Counts become one of 15 levels by their square root, up to the count that 99 % of the active
/// pixels of the stack stay below, so that a few hot pixels do not darken the rest.
public struct FramePainter: Sendable {
  /// Where nothing happened.
  public static let background = Color(14, 16, 26)
  /// Letters and frames.
  public static let foreground = Color(150, 156, 176)

  private static let levels = 14
  private static let on: [Float] = [255, 150, 40]
  private static let off: [Float] = [40, 140, 255]

  private let stack: FrameStack
  private let isUpsideDown: Bool
  private let brightest: Float

  /// Creates a painter.
  ///
  /// - Parameters:
  ///   - stack: What to paint.
  ///   - isUpsideDown: Whether row 0 is at the bottom.
  public init(_ stack: FrameStack, isUpsideDown: Bool = false) {
    self.stack = stack
    self.isUpsideDown = isUpsideDown
    let active = stack.counts.filter { $0 > 0 }.sorted()
    brightest = active.isEmpty ? 1 : Float(active[min(active.count - 1, active.count * 99 / 100)])
  }

  /// Paints one frame into a picture, each pixel `scale` pixels wide and high.
  public func paint(frame: Int, on image: inout RasterImage, x left: Int, y top: Int, scale: Int) {
    let (width, height) = (stack.geometry.width, stack.geometry.height)
    let first = frame * stack.frameSize
    for y in 0..<height {
      let row = isUpsideDown ? height - 1 - y : y
      for x in 0..<width {
        let off = level(stack.counts[first + row * width + x])
        let on = level(stack.counts[first + stack.channelSize + row * width + x])
        guard off + on > 0 else { continue }
        let (column, line) = (left + x * scale, top + y * scale)
        image.fill(
          color(on: on, off: off),
          x: column..<column + scale,
          y: line..<line + scale
        )
      }
    }
  }

  private func level(_ count: Int32) -> Int {
    guard count > 0 else { return 0 }
    let share = min(1, Float(count) / brightest).squareRoot()
    return max(1, Int((share * Float(Self.levels)).rounded()))
  }

  private func color(on: Int, off: Int) -> Color {
    let background = [
      Float(Self.background.red), Float(Self.background.green), Float(Self.background.blue),
    ]
    func channel(_ index: Int) -> UInt8 {
      let (a, b) = (Float(on) / Float(Self.levels), Float(off) / Float(Self.levels))
      // Faint events still stand out from the background.
      let warm = (Self.on[index] - background[index]) * (a > 0 ? 0.3 + 0.7 * a : 0)
      let cool = (Self.off[index] - background[index]) * (b > 0 ? 0.3 + 0.7 * b : 0)
      return UInt8(max(0, min(255, background[index] + warm + cool)))
    }
    return Color(channel(0), channel(1), channel(2))
  }
}
