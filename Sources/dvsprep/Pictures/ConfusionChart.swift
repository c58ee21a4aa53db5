import Imaging

/// A table of samples by label (rows) and prediction (columns), with shades and numbers.
struct ConfusionChart {
  private static let letters = 3
  private static let advance = PixelFont.advance * letters
  private static let top = 60

  private let counts: [[Int]]
  private let names: [String]
  private let left: Int
  private let cell: Int

  init(_ counts: [[Int]], classNames: [String]) {
    self.counts = counts
    names = classNames.map { String($0.prefix(20)) }
    left = 30 + (names.map(\.count).max() ?? 1) * Self.advance
    // Many classes have no room for numbers; the picture stays of a size that viewers open.
    cell = max(4, min(64, 4000 / max(counts.count, 1)))
  }

  /// The picture.
  var image: RasterImage {
    var image = RasterImage(
      width: left + counts.count * cell + 30,
      height: Self.top + counts.count * cell + 40,
      filledWith: Palette.background
    )
    image.draw(
      "ROWS: LABEL, COLUMNS: PREDICTED",
      x: 20,
      y: 20,
      scale: Self.letters,
      in: Palette.text
    )
    for (row, values) in counts.enumerated() {
      let total = max(values.reduce(0, +), 1)
      drawName(of: row, on: &image)
      for (column, value) in values.enumerated() {
        drawCell(value, share: Double(value) / Double(total), row, column, on: &image)
      }
    }
    return image
  }

  /// Where letters begin that stand in the middle of a row.
  private func middle(of row: Int) -> Int {
    Self.top + row * cell + (cell - PixelFont.height * Self.letters) / 2
  }

  private func drawName(of row: Int, on image: inout RasterImage) {
    guard cell >= PixelFont.height * Self.letters else { return }
    image.draw(
      names[row].uppercased(),
      x: left - 10 - names[row].count * Self.advance,
      y: middle(of: row),
      scale: Self.letters,
      in: Palette.text
    )
  }

  private func drawCell(
    _ value: Int,
    share: Double,
    _ row: Int,
    _ column: Int,
    on image: inout RasterImage
  ) {
    let x = left + column * cell
    let y = Self.top + row * cell
    image.fill(Palette.heat(share), x: x + 1..<x + cell, y: y + 1..<y + cell)
    let label = "\(value)"
    guard value > 0, label.count * Self.advance <= cell else { return }
    image.draw(
      label,
      x: x + (cell - label.count * Self.advance) / 2,
      y: middle(of: row),
      scale: Self.letters,
      in: share > 0.5 ? Palette.background : Palette.text
    )
  }
}
