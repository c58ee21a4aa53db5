import Foundation
import Imaging
import SpikeNet

/// The pictures that a run leaves.
enum RunPictures {
  private static let chart = (width: 1100, height: 640)

  /// Loss, accuracy, learning rate and firing rate over epochs.
  static func curves(_ history: [EpochRecord]) throws -> [UInt8] {
    let charts = [
      LineChart(
        title: "loss",
        series: [
          .init(name: "train", values: history.map(\.trainLoss)),
          .init(name: "val", values: history.map(\.validationLoss)),
          .init(name: "test", values: history.map(\.testLoss)),
        ]
      ),
      LineChart(
        title: "accuracy",
        series: [
          .init(name: "train", values: history.map(\.trainTop1)),
          .init(name: "val", values: history.map(\.validationTop1)),
          .init(name: "test", values: history.map(\.testTop1)),
        ]
      ),
      LineChart(
        title: "learning rate",
        series: [.init(name: "", values: history.map(\.learningRate))]
      ),
      LineChart(
        title: "firing rate",
        series: [.init(name: "", values: history.map(\.firingRate))]
      ),
    ]
    var image = RasterImage(
      width: 2 * chart.width,
      height: 2 * chart.height,
      filledWith: Palette.background
    )
    for (index, drawn) in charts.enumerated() {
      drawn.draw(
        on: &image,
        x: index % 2 * chart.width,
        y: index / 2 * chart.height,
        width: chart.width,
        height: chart.height
      )
    }
    return try PNG.encode(image.halved())
  }

  /// Samples by label (rows) and prediction (columns); shades are shares of a label's samples.
  static func confusion(_ counts: [[Int]], classNames: [String]) throws -> [UInt8] {
    let classes = counts.count
    let letters = 3
    let advance = PixelFont.advance * letters
    let names = classNames.map { String($0.prefix(20)) }
    let left = 30 + (names.map(\.count).max() ?? 1) * advance
    // Many classes have no room for numbers; the picture stays of a size that viewers open.
    let cell = max(4, min(64, 4000 / max(classes, 1)))
    let top = 60
    var image = RasterImage(
      width: left + classes * cell + 30,
      height: top + classes * cell + 40,
      filledWith: Palette.background
    )
    image.draw("ROWS: LABEL, COLUMNS: PREDICTED", x: 20, y: 20, scale: letters, in: Palette.text)
    for (row, values) in counts.enumerated() {
      let total = max(values.reduce(0, +), 1)
      let y = top + row * cell
      if cell >= PixelFont.height * letters {
        let name = names[row]
        let middle = y + (cell - PixelFont.height * letters) / 2
        image.draw(
          name.uppercased(),
          x: left - 10 - name.count * advance,
          y: middle,
          scale: letters,
          in: Palette.text
        )
      }
      for (column, value) in values.enumerated() {
        let share = Double(value) / Double(total)
        let x = left + column * cell
        image.fill(Palette.heat(share), x: x + 1..<x + cell, y: y + 1..<y + cell)
        let label = "\(value)"
        guard value > 0, label.count * advance <= cell else { continue }
        image.draw(
          label,
          x: x + (cell - label.count * advance) / 2,
          y: y + (cell - PixelFont.height * letters) / 2,
          scale: letters,
          in: share > 0.5 ? Palette.background : Palette.text
        )
      }
    }
    return try PNG.encode(image)
  }

  /// One bar a class that grows from step to step; green is the label, red a wrong winner.
  static func spikeBars(_ trace: OutputTrace, target: Int) throws -> [UInt8] {
    let classes = trace.sums.first?.count ?? 0
    let all = trace.sums.flatMap(\.self)
    let (least, greatest) = (min(all.min() ?? 0, 0), max(all.max() ?? 1, 1e-9))
    let letters = 2
    let bar = max(4, min(36, 1000 / max(classes, 1)))
    let (height, left, top) = (240, 20, 40)
    func row(_ value: Double) -> Int {
      top + Int((greatest - value) / max(greatest - least, 1e-9) * Double(height))
    }
    let frames = trace.sums.enumerated().map { step, sums in
      var image = RasterImage(
        width: left * 2 + max(classes * bar, 160),
        height: top + height + 40,
        filledWith: Palette.background
      )
      let title = "step \(step + 1)/\(trace.sums.count)  label \(target)"
      image.draw(title.uppercased(), x: left, y: 14, scale: letters, in: Palette.text)
      let winner = sums.indices.dropFirst().reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
      for (index, sum) in sums.enumerated() {
        let x = left + index * bar
        let (a, b) = (row(max(sum, 0)), row(min(sum, 0)))
        let color =
          index == target ? Palette.right : index == winner ? Palette.wrong : Palette.bar
        image.fill(color, x: x + 1..<x + bar - 1, y: a..<max(b, a))
        let label = "\(index)"
        guard label.count * PixelFont.advance * letters <= bar else { continue }
        image.draw(
          label,
          x: x + (bar - label.count * PixelFont.advance * letters) / 2,
          y: top + height + 12,
          scale: letters,
          in: Palette.text
        )
      }
      image.fill(Palette.axis, x: left..<left + classes * bar, y: row(0)..<row(0) + 1)
      return image
    }
    return try GIF.encode(frames, delayMilliseconds: 200)
  }
}
