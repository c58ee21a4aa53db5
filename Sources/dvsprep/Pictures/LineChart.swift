import Foundation
import Imaging

/// Curves over epochs in a frame with a title, axes and a legend.
struct LineChart {
  /// One curve; missing points are gaps.
  struct Series {
    var name: String
    var values: [Double?]
  }

  let title: String
  let series: [Series]

  private static let margin = (left: 150, right: 30, top: 60, bottom: 60)
  private static let letters = 4

  private static let advance = PixelFont.advance * letters

  /// Where curves are drawn, and on what scale.
  private struct Area {
    let left: Int
    let right: Int
    let top: Int
    let bottom: Int
    let scale: AxisScale

    func row(_ value: Double) -> Int {
      bottom - Int((scale.position(of: value) * Double(bottom - top)).rounded())
    }

    /// The column of one of several points.
    func column(_ position: Int, of count: Int) -> Int {
      let share = count > 1 ? Double(position) / Double(count - 1) : 0.5
      return left + Int(share * Double(right - left))
    }
  }

  /// Draws the chart into a part of a picture.
  func draw(on image: inout RasterImage, x: Int, y: Int, width: Int, height: Int) {
    let left = x + Self.margin.left
    image.draw(title.uppercased(), x: left, y: y + 20, scale: Self.letters, in: Palette.text)
    let shown = series.filter { $0.values.contains { $0?.isFinite == true } }
    let values = shown.flatMap { $0.values.compactMap(\.self).filter(\.isFinite) }
    guard let least = values.min(), let greatest = values.max() else { return }
    let area = Area(
      left: left,
      right: x + width - Self.margin.right,
      top: y + Self.margin.top,
      bottom: y + height - Self.margin.bottom,
      scale: AxisScale(least, greatest)
    )
    drawTicks(of: area, on: &image)
    drawEpochs(shown.map(\.values.count).max() ?? 1, of: area, on: &image)
    image.fill(Palette.axis, x: left..<area.right, y: area.bottom - 1..<area.bottom + 1)
    for (index, curve) in shown.enumerated() {
      let color = Palette.series[index % Palette.series.count]
      draw(curve, in: color, of: area, on: &image)
      let legend = area.right - (shown.count - index) * 8 * Self.advance
      image.draw(curve.name.uppercased(), x: legend, y: y + 20, scale: Self.letters, in: color)
    }
  }

  private func drawTicks(of area: Area, on image: inout RasterImage) {
    for tick in area.scale.ticks {
      let row = area.row(tick)
      image.fill(Palette.grid, x: area.left..<area.right, y: row - 1..<row + 1)
      let label = area.scale.label(tick)
      image.draw(
        label,
        x: area.left - 12 - label.count * Self.advance,
        y: row - PixelFont.height * Self.letters / 2,
        scale: Self.letters,
        in: Palette.axis
      )
    }
  }

  private func draw(
    _ curve: Series,
    in color: Color,
    of area: Area,
    on image: inout RasterImage
  ) {
    var last: (x: Int, y: Int)?
    for (position, value) in curve.values.enumerated() {
      guard let value, value.isFinite else {
        last = nil
        continue
      }
      let point = (x: area.column(position, of: curve.values.count), y: area.row(value))
      image.drawLine(from: last ?? point, to: point, thickness: 5, in: color)
      last = point
    }
  }

  private func drawEpochs(_ count: Int, of area: Area, on image: inout RasterImage) {
    for epoch in Set([1, (count + 1) / 2, count]).sorted() {
      let label = epoch == count ? "epoch \(epoch)" : "\(epoch)"
      let width = label.count * Self.advance
      let start = min(area.column(epoch - 1, of: count) - width / 2, area.right - width)
      let place = area.bottom + 14
      image.draw(label.uppercased(), x: start, y: place, scale: Self.letters, in: Palette.axis)
    }
  }
}

/// A range of values with round numbers in it.
struct AxisScale {
  let ticks: [Double]
  private let least: Double
  private let greatest: Double
  private let step: Double

  init(_ least: Double, _ greatest: Double) {
    let span = max(greatest - least, abs(greatest) * 1e-3, 1e-12)
    let power = pow(10, floor(log10(span / 4)))
    step = [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= 5 } ?? 10 * power
    let (first, last) = (floor(least / step), ceil(greatest / step))
    self.least = first * step
    self.greatest = max(last, first + 1) * step
    ticks = (0...Int(max(last, first + 1) - first)).map { [step] in (first + Double($0)) * step }
  }

  /// Where a value is, from 0 at the bottom to 1 at the top.
  func position(of value: Double) -> Double { (value - least) / (greatest - least) }

  /// A tick's number with as many digits as tell it from its neighbours.
  func label(_ tick: Double) -> String {
    if step < 1e-3 || step >= 1e5 { return String(format: "%.2g", tick) }
    return String(format: "%.\(max(0, Int(-floor(log10(step)))))f", tick)
  }
}
