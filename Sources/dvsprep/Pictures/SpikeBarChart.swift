import Imaging
import SpikeNet

/// Bars of a sample's outputs, one a class, added up from step to step.
struct SpikeBarChart {
  private static let letters = 2
  private static let height = 240
  private static let left = 20
  private static let top = 40

  private let sums: [[Double]]
  private let target: Int
  private let least: Double
  private let greatest: Double
  private let bar: Int

  init(_ trace: OutputTrace, target: Int) {
    sums = trace.sums
    self.target = target
    let all = sums.flatMap(\.self)
    (least, greatest) = (min(all.min() ?? 0, 0), max(all.max() ?? 1, 1e-9))
    bar = max(4, min(36, 1000 / max(sums.first?.count ?? 0, 1)))
  }

  /// A picture a step; green is the label, red a wrong winner.
  var images: [RasterImage] { sums.indices.map(image) }

  /// The row of pixels of a value.
  private func row(_ value: Double) -> Int {
    Self.top + Int((greatest - value) / max(greatest - least, 1e-9) * Double(Self.height))
  }

  private func image(step: Int) -> RasterImage {
    let sums = sums[step]
    var image = RasterImage(
      width: Self.left * 2 + max(sums.count * bar, 160),
      height: Self.top + Self.height + 40,
      filledWith: Palette.background
    )
    let title = "step \(step + 1)/\(self.sums.count)  label \(target)"
    image.draw(title.uppercased(), x: Self.left, y: 14, scale: Self.letters, in: Palette.text)
    let winner = sums.indices.dropFirst().reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
    for (index, sum) in sums.enumerated() {
      draw(sum, of: index, isWinner: index == winner, on: &image)
    }
    let axis = Self.left..<Self.left + sums.count * bar
    image.fill(Palette.axis, x: axis, y: row(0)..<row(0) + 1)
    return image
  }

  private func draw(_ sum: Double, of index: Int, isWinner: Bool, on image: inout RasterImage) {
    let x = Self.left + index * bar
    let (a, b) = (row(max(sum, 0)), row(min(sum, 0)))
    let color = index == target ? Palette.right : isWinner ? Palette.wrong : Palette.bar
    image.fill(color, x: x + 1..<x + bar - 1, y: a..<max(b, a))
    let label = "\(index)"
    let width = label.count * PixelFont.advance * Self.letters
    guard width <= bar else { return }
    image.draw(
      label,
      x: x + (bar - width) / 2,
      y: Self.top + Self.height + 12,
      scale: Self.letters,
      in: Palette.text
    )
  }
}
