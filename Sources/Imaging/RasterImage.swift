/// A picture of RGB pixels, row by row from the top left.
public struct RasterImage: Hashable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Three bytes a pixel: red, green, blue.
  public private(set) var bytes: [UInt8]

  /// Creates a picture of one colour.
  public init(width: Int, height: Int, filledWith color: Color) {
    precondition(width > 0 && height > 0, "image: \(width)x\(height)")
    self.width = width
    self.height = height
    bytes = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { buffer, count in
      for pixel in 0..<width * height {
        buffer[3 * pixel] = color.red
        buffer[3 * pixel + 1] = color.green
        buffer[3 * pixel + 2] = color.blue
      }
      count = 3 * width * height
    }
  }

  /// The colour of a pixel.
  public subscript(x: Int, y: Int) -> Color {
    get {
      let first = 3 * (y * width + x)
      return Color(bytes[first], bytes[first + 1], bytes[first + 2])
    }
    set {
      let first = 3 * (y * width + x)
      bytes[first] = newValue.red
      bytes[first + 1] = newValue.green
      bytes[first + 2] = newValue.blue
    }
  }

  /// Fills a rectangle; what lies outside the picture is left out.
  public mutating func fill(_ color: Color, x: Range<Int>, y: Range<Int>) {
    for row in y.clamped(to: 0..<height) {
      for column in x.clamped(to: 0..<width) { self[column, row] = color }
    }
  }

  /// Draws a text with a font of 3×5 pixels, each of them `scale` pixels wide and high.
  ///
  /// - Parameter text: Digits, letters without accents, and `. , : / % - + = ( ) _ <`; other
  ///   characters leave a gap. Small letters look like large ones, but for `m`, `s` and `k`.
  public mutating func draw(_ text: String, x: Int, y: Int, scale: Int, in color: Color) {
    for (position, character) in text.enumerated() {
      for (row, bits) in PixelFont.rows(of: character).enumerated() {
        for column in 0..<PixelFont.width where bits & (4 >> column) != 0 {
          let left = x + (position * PixelFont.advance + column) * scale
          fill(color, x: left..<left + scale, y: y + row * scale..<y + (row + 1) * scale)
        }
      }
    }
  }

  /// Draws a straight line with square ends.
  public mutating func drawLine(
    from start: (x: Int, y: Int),
    to end: (x: Int, y: Int),
    thickness: Int,
    in color: Color
  ) {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
    for step in 0...steps {
      let x = start.x + (end.x - start.x) * step / steps - thickness / 2
      let y = start.y + (end.y - start.y) * step / steps - thickness / 2
      fill(color, x: x..<x + thickness, y: y..<y + thickness)
    }
  }

  /// The picture at half its size; every pixel is the mean of four.
  public func halved() -> RasterImage {
    var half = RasterImage(
      width: max(width / 2, 1),
      height: max(height / 2, 1),
      filledWith: Color(0, 0, 0)
    )
    for y in 0..<half.height {
      for x in 0..<half.width {
        let right = min(2 * x + 1, width - 1)
        let below = min(2 * y + 1, height - 1)
        let four = [
          self[2 * x, 2 * y], self[right, 2 * y], self[2 * x, below], self[right, below],
        ]
        func mean(_ channel: (Color) -> UInt8) -> UInt8 {
          UInt8((four.reduce(0) { $0 + Int(channel($1)) } + 2) / 4)
        }
        half[x, y] = Color(mean(\.red), mean(\.green), mean(\.blue))
      }
    }
    return half
  }
}
