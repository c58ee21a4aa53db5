import ArgumentParser
import Foundation
import Framing
import SpikeNet

/// Classifies recordings.
struct Predict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classifies recordings with a trained model.",
    discussion: """
      Frames are made as those were that the model was trained on: train keeps the recipe and the \
      names of the classes in its checkpoints. A checkpoint of another program needs --model, and \
      --data for a cache with the recipe. A recording that holds several samples is cut with --from \
      and --to.

      EXAMPLES:
        dvsprep predict runs/gesture user24_led.aedat --from 80048239 --to 85092709
        dvsprep predict runs/nmnist/checkpoints/best.safetensors Test/3/*.bin --json --top 3
        dvsprep predict model_best.pth.tar --model spikingformer-2-256 --data gesture.h5 wave.npz
      """
  )

  @Argument(help: "A run directory or a checkpoint.")
  var checkpoint: String

  @Argument(help: "Recordings; also settings of a model of another program, as model.KEY=VALUE.")
  var recordings: [String]

  @Option(help: "How many classes are listed, the likeliest first.")
  var top = 1

  @Option(help: "A frame cache whose recipe and classes hold where the checkpoint has none.")
  var data: String?

  @Option(help: ArgumentHelp("Leave out events before this time.", valueName: "µs"))
  var from: Int64?

  @Option(help: ArgumentHelp("Leave out events at this time and after.", valueName: "µs"))
  var to: Int64?

  @Option(help: "Threads, 0 for one a core; results do not depend on it.")
  var threads = 0

  @OptionGroup var options: CheckpointOptions
  @OptionGroup var output: OutputOptions

  private var settings: [String] { recordings.filter(Self.isSetting) }

  private static func isSetting(_ text: String) -> Bool {
    ["model.", "input."].contains { text.hasPrefix($0) } && text.contains("=")
  }

  func validate() throws {
    guard top >= 1 else { throw ValidationError("--top is at least 1") }
    guard (0...4096).contains(threads) else { throw ValidationError("--threads is at most 4096") }
    guard recordings.contains(where: { !Self.isSetting($0) }) else {
      throw ValidationError("expected a recording")
    }
  }

  mutating func run() async throws {
    let loaded = try LoadedModel(checkpoint, options, settings: settings) { [data] input in
      try data.map { try FrameCacheDataset($0, reading: input) }
    }
    let classifier = try RecordingClassifier(
      loaded,
      window: (from ?? .min)..<max(to ?? .max, from ?? .min),
      threads == 0 ? .allCores : Parallel(threads: threads)
    )
    var predictions: [RecordingPrediction] = []
    for path in recordings where !Self.isSetting(path) {
      let prediction = try classifier.classify(path)
      for warning in prediction.warnings { output.diagnostics.warning("\(path): \(warning)") }
      if !output.json { print(prediction.text(top: top)) }
      predictions.append(prediction)
    }
    guard output.json else { return }
    let list = ConfigurationValue.list(predictions.map { $0.tree(top: top) })
    print(ConfigurationValue.section([.init("predictions", list)]).json)
  }
}
