import ArgumentParser
import SpikeNet

/// What a model reads, where that differs from what its published form read.
struct ModelInputOptions: ParsableArguments {
  @Option(name: [.customShort("T"), .customLong("frames-number")], help: "Time steps.")
  var steps: Int?
  @Option(help: "Rows and columns of a frame.")
  var size: Int?
  @Option(help: "Channels of a frame.")
  var channels: Int?
  @Option(help: "Classes.")
  var classes: Int?

  /// No frame is larger; sizes beyond it would exhaust the memory before anything else is said.
  private static let largest = 1 << 14

  mutating func validate() throws {
    let sizes = [steps, size, channels, classes].compactMap { $0 }
    guard sizes.allSatisfy({ (1...Self.largest).contains($0) }) else {
      throw ValidationError("time steps, sizes, channels and classes are 1 to \(Self.largest)")
    }
  }

  /// The input of a model.
  func input(of model: String) -> ModelInput {
    let published = PublishedModel.input(of: model)
    return ModelInput(
      steps: steps ?? published.steps,
      height: size ?? published.height,
      width: size ?? published.width,
      channels: channels ?? published.channels,
      classes: classes ?? published.classes
    )
  }
}
