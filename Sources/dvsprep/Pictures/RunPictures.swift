import Imaging
import SpikeNet

/// The pictures that a run leaves.
enum RunPictures {
  private static let chart = (width: 1100, height: 640)

  /// Loss, accuracy, learning rate and firing rate over epochs.
  static func curves(_ history: [EpochRecord]) throws -> [UInt8] {
    var image = RasterImage(
      width: 2 * chart.width,
      height: 2 * chart.height,
      filledWith: Palette.background
    )
    for (index, drawn) in charts(history).enumerated() {
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

  private static func charts(_ history: [EpochRecord]) -> [LineChart] {
    [
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
  }

  /// Samples by label (rows) and prediction (columns); shades are shares of a label's samples.
  static func confusion(_ counts: [[Int]], classNames: [String]) throws -> [UInt8] {
    try PNG.encode(ConfusionChart(counts, classNames: classNames).image)
  }

  /// One bar a class that grows from step to step; green is the label, red a wrong winner.
  static func spikeBars(_ trace: OutputTrace, target: Int) throws -> [UInt8] {
    try GIF.encode(SpikeBarChart(trace, target: target).images, delayMilliseconds: 200)
  }
}
