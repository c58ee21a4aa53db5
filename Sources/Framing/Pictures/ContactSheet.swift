import Imaging

/// All frames of a stack in one picture, or one after the other.
public struct ContactSheet: Sendable {
  /// What is written under a frame, in the letters of ``PixelFont``.
  public typealias Caption = String

  private let stack: FrameStack
  private let captions: [Caption]
  private let painter: FramePainter
  private let scale: Int

  private static let gap = 6
  private static let letterScale = 2
  private static let captionHeight = PixelFont.height * letterScale + 6
  /// The largest picture on a side, which viewers still open.
  private static let sideLimit = 16_384
  /// Frames are enlarged to about this many pixels.
  private static let frameSide = 256

  /// Creates a sheet.
  ///
  /// - Parameters:
  ///   - stack: At least one frame.
  ///   - captions: One for each frame, or none.
  ///   - isUpsideDown: Whether row 0 is at the bottom.
  /// - Throws: ``FramingError`` of kind `usage` for a stack without frames.
  public init(
    _ stack: FrameStack,
    captions: [Caption] = [],
    isUpsideDown: Bool = false
  ) throws(FramingError) {
    guard stack.frameCount > 0 else {
      throw FramingError(.usage, "there is no frame to paint")
    }
    self.stack = stack
    self.captions = captions
    painter = FramePainter(stack, isUpsideDown: isUpsideDown)
    scale = max(1, Self.frameSide / max(stack.geometry.width, stack.geometry.height))
  }

  private var tileWidth: Int { stack.geometry.width * scale }
  private var tileHeight: Int {
    stack.geometry.height * scale + (captions.isEmpty ? 0 : Self.captionHeight)
  }

  /// The frames side by side, as square as they go.
  ///
  /// - Throws: ``FramingError`` of kind `tooLarge` where viewers would not open the picture.
  public func picture() throws(FramingError) -> RasterImage {
    let columns = Int(Double(stack.frameCount).squareRoot().rounded(.up))
    let rows = (stack.frameCount + columns - 1) / columns
    let width = columns * (tileWidth + Self.gap) + Self.gap
    let height = rows * (tileHeight + Self.gap) + Self.gap
    guard max(width, height) <= Self.sideLimit else {
      throw FramingError(
        .tooLarge,
        "\(stack.frameCount) frames make a picture of \(width)x\(height) pixels; ask for fewer, or "
          + "write an animation with --gif"
      )
    }
    var image = RasterImage(width: width, height: height, filledWith: Color(40, 43, 56))
    for frame in 0..<stack.frameCount {
      let (row, column) = frame.quotientAndRemainder(dividingBy: columns)
      drawTile(
        frame,
        on: &image,
        x: Self.gap + column * (tileWidth + Self.gap),
        y: Self.gap + row * (tileHeight + Self.gap)
      )
    }
    return image
  }

  /// One picture a frame, for an animation.
  public func pictures() -> [RasterImage] {
    (0..<stack.frameCount).map { frame in
      var image = RasterImage(
        width: tileWidth,
        height: tileHeight,
        filledWith: FramePainter.background
      )
      drawTile(frame, on: &image, x: 0, y: 0)
      return image
    }
  }

  private func drawTile(_ frame: Int, on image: inout RasterImage, x: Int, y: Int) {
    image.fill(FramePainter.background, x: x..<x + tileWidth, y: y..<y + tileHeight)
    painter.paint(frame: frame, on: &image, x: x, y: y, scale: scale)
    guard frame < captions.count else { return }
    image.draw(
      captions[frame],
      x: x + 4,
      y: y + stack.geometry.height * scale + 4,
      scale: Self.letterScale,
      in: FramePainter.foreground
    )
  }
}
