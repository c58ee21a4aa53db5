import ArgumentParser
import SpikeNet

/// What checkpoints of other programs do not say about the model that they are of.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: """
      For a checkpoint of another program: the model, by a name that dvsprep models lists; its keys \
      follow as settings, such as model.embed_dim=64.
      """
  )
  var model: String?

  @Option(
    name: [.customShort("T"), .customLong("frames-number")],
    help: "For a checkpoint of another program, without a cache: time steps."
  )
  var steps: Int?

  @Option(help: "For a checkpoint of another program, without a cache: rows of a square frame.")
  var size: Int?

  func validate() throws {
    guard [steps, size].allSatisfy({ (1...1 << 14).contains($0 ?? 1) }) else {
      throw ValidationError("-T and --size are at least 1 and at most \(1 << 14)")
    }
  }

  /// Whether anything was said that a checkpoint of a run says itself.
  var areGiven: Bool { model != nil || steps != nil || size != nil }
}
