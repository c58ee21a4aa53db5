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

  /// Draws the chart into a part of a picture.
  func draw(on image: inout RasterImage, x: Int, y: Int, width: Int, height: Int) {
    let left = x + Self.margin.left
    let right = x + width - Self.margin.right
    let top = y + Self.margin.top
    let bottom = y + height - Self.margin.bottom
    image.draw(title.uppercased(), x: left, y: y + 20, scale: Self.letters, in: Palette.text)
    let shown = series.filter { $0.values.contains { $0?.isFinite == true } }
    let values = shown.flatMap { $0.values.compactMap(\.self).filter(\.isFinite) }
    guard let least = values.min(), let greatest = values.max() else { return }
    let scale = AxisScale(least, greatest)
    func row(_ value: Double) -> Int {
      bottom - Int((scale.position(of: value) * Double(bottom - top)).rounded())
    }
    for tick in scale.ticks {
      image.fill(Palette.grid, x: left..<right, y: row(tick) - 1..<row(tick) + 1)
      let label = scale.label(tick)
      let advance = PixelFont.advance * Self.letters
      image.draw(
        label,
        x: left - 12 - label.count * advance,
        y: row(tick) - PixelFont.height * Self.letters / 2,
        scale: Self.letters,
        in: Palette.axis
      )
    }
    let count = shown.map(\.values.count).max() ?? 1
    drawEpochs(count, on: &image, left: left, right: right, y: bottom + 14)
    image.fill(Palette.axis, x: left..<right, y: bottom - 1..<bottom + 1)
    for (index, curve) in shown.enumerated() {
      let color = Palette.series[index % Palette.series.count]
      var last: (x: Int, y: Int)?
      for (position, value) in curve.values.enumerated() {
        guard let value, value.isFinite else {
          last = nil
          continue
        }
        let share = count > 1 ? Double(position) / Double(count - 1) : 0.5
        let point = (x: left + Int(share * Double(right - left)), y: row(value))
        image.drawLine(from: last ?? point, to: point, thickness: 5, in: color)
        last = point
      }
      let advance = PixelFont.advance * Self.letters
      let legend = right - (shown.count - index) * 8 * advance
      image.draw(curve.name.uppercased(), x: legend, y: y + 20, scale: Self.letters, in: color)
    }
  }

  private func drawEpochs(
    _ count: Int,
    on image: inout RasterImage,
    left: Int,
    right: Int,
    y: Int
  ) {
    let advance = PixelFont.advance * Self.letters
    for epoch in Set([1, (count + 1) / 2, count]).sorted() {
      let share = count > 1 ? Double(epoch - 1) / Double(count - 1) : 0.5
      let label = epoch == count ? "epoch \(epoch)" : "\(epoch)"
      let center = left + Int(share * Double(right - left))
      let start = min(center - label.count * advance / 2, right - label.count * advance)
      image.draw(label.uppercased(), x: start, y: y, scale: Self.letters, in: Palette.axis)
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
