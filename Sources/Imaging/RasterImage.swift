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
    bytes = (0..<width * height).flatMap { _ in [color.red, color.green, color.blue] }
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
  /// - Parameter text: Digits, `.`, `m`, `s`, `k` and spaces; other characters leave a gap.
  public mutating func draw(_ text: String, x: Int, y: Int, scale: Int, in color: Color) {
    for (position, character) in text.enumerated() {
      for (row, bits) in (PixelFont.glyphs[character] ?? []).enumerated() {
        for column in 0..<PixelFont.width where bits & (4 >> column) != 0 {
          let left = x + (position * PixelFont.advance + column) * scale
          fill(color, x: left..<left + scale, y: y + row * scale..<y + (row + 1) * scale)
        }
      }
    }
  }
}

/// A font for numbers and their units.
public enum PixelFont {
  /// Pixels from one character to the next.
  public static let advance = 4
  /// Pixels of a character's height.
  public static let height = 5
  static let width = 3

  /// Five rows of three bits each, the leftmost pixel in the highest bit.
  static let glyphs: [Character: [UInt8]] = [
    "0": [7, 5, 5, 5, 7], "1": [2, 6, 2, 2, 7], "2": [7, 1, 7, 4, 7], "3": [7, 1, 7, 1, 7],
    "4": [5, 5, 7, 1, 1], "5": [7, 4, 7, 1, 7], "6": [7, 4, 7, 5, 7], "7": [7, 1, 1, 2, 2],
    "8": [7, 5, 7, 5, 7], "9": [7, 5, 7, 1, 7], ".": [0, 0, 0, 0, 2], "m": [0, 0, 7, 7, 5],
    "s": [0, 3, 2, 1, 3], "k": [4, 5, 6, 6, 5],
  ]
}
