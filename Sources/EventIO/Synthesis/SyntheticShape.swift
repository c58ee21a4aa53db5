/// A lit or dark shape on an even ground, in pixels.
package struct SyntheticShape: Sendable {
  /// The outline around the centre.
  package enum Outline: Sendable {
    /// All points nearer than the radius.
    case disc(radius: Double)
    /// An upright rectangle of twice these lengths.
    case bar(halfWidth: Double, halfHeight: Double)
  }

  /// The outline around the centre.
  package var outline: Outline
  /// Column of the centre; pixel centres lie on whole numbers.
  package var x: Double
  /// Row of the centre.
  package var y: Double
  /// How much of the contrast shows, 0 to 1.
  package var visibility: Double

  /// Creates a shape that shows all or a share of its contrast.
  package init(outline: Outline, x: Double, y: Double, visibility: Double = 1) {
    self.outline = outline
    self.x = x
    self.y = y
    self.visibility = visibility
  }

  /// Returns the distance of a point to the outline, negative inside.
  func distance(x px: Double, y py: Double) -> Double {
    let dx = abs(px - x)
    let dy = abs(py - y)
    switch outline {
    case .disc(let radius):
      return (dx * dx + dy * dy).squareRoot() - radius
    case .bar(let halfWidth, let halfHeight):
      // Exact inside and along the sides; slightly short beyond a corner, which only rounds less.
      return max(dx - halfWidth, dy - halfHeight)
    }
  }

  /// Returns the share of the contrast at a point, falling to 0 across an edge of the given width.
  func coverage(x: Double, y: Double, edgeWidth: Double) -> Double {
    let inside = 0.5 - distance(x: x, y: y) / edgeWidth
    return visibility * min(max(inside, 0), 1)
  }

  /// Returns the pixels that the shape and its edge can touch.
  func region(edgeWidth: Double, on geometry: SensorGeometry) -> PixelRegion {
    let halfWidth: Double
    let halfHeight: Double
    switch outline {
    case .disc(let radius): (halfWidth, halfHeight) = (radius, radius)
    case .bar(let width, let height): (halfWidth, halfHeight) = (width, height)
    }
    let margin = edgeWidth / 2
    return PixelRegion(
      columns: PixelRegion.pixels(
        from: x - halfWidth - margin,
        through: x + halfWidth + margin,
        count: geometry.width
      ),
      rows: PixelRegion.pixels(
        from: y - halfHeight - margin,
        through: y + halfHeight + margin,
        count: geometry.height
      )
    )
  }
}

/// A rectangle of pixels.
struct PixelRegion: Equatable {
  var columns: Range<Int>
  var rows: Range<Int>

  var isEmpty: Bool { columns.isEmpty || rows.isEmpty }

  /// Returns the smallest region around both.
  func union(_ other: PixelRegion) -> PixelRegion {
    if isEmpty { return other }
    if other.isEmpty { return self }
    return PixelRegion(
      columns: min(
        columns.lowerBound,
        other.columns.lowerBound
      )..<max(columns.upperBound, other.columns.upperBound),
      rows: min(
        rows.lowerBound,
        other.rows.lowerBound
      )..<max(rows.upperBound, other.rows.upperBound)
    )
  }

  /// Returns the whole numbers between two coordinates that are pixels of a line of `count`.
  static func pixels(from low: Double, through high: Double, count: Int) -> Range<Int> {
    let first = min(max(Int(low.rounded(.up)), 0), count)
    let end = min(max(Int(high.rounded(.down)) + 1, first), count)
    return first..<max(end, first)
  }
}
