import Framing
import SpikeNet

/// The command that would convert a cache's source in another way.
struct ConvertCommand {
  private let dataset: String
  private let path: String

  init(_ cache: FrameCache) {
    dataset = cache.description.dataset
    path = cache.path
  }

  /// The command with the options that decide how recordings are cut.
  func text(slicing: String) -> String {
    let kind = dataset.isEmpty ? "" : "--dataset \(dataset) "
    return "dvsprep convert SOURCE -o NEW.h5 \(kind)\(slicing)"
  }
}

/// Whether a cache has what a checkpoint was trained on.
enum CacheFit {
  /// Refuses a cache whose samples or classes differ, with the command that would make one.
  static func check(_ dataset: FrameCacheDataset, against checkpoint: Checkpoint) throws {
    let cache = DataDescription(sampleShape: dataset.sampleShape, classNames: dataset.classNames)
    guard cache != checkpoint.data else { return }
    guard cache.classNames.count == checkpoint.data.classNames.count else {
      throw CommandFailure(
        .badData,
        """
        \(dataset.cache.path): has \(cache.classNames.count) classes, and \(checkpoint.path) was \
        trained on \(checkpoint.data.classNames.count): this is another data set
        """
      )
    }
    guard cache.input != checkpoint.data.input else {
      throw CommandFailure(
        .badData,
        """
        \(dataset.cache.path): its classes are \(cache.classNames.joined(separator: ", ")), and \
        \(checkpoint.path) was trained on \(checkpoint.data.classNames.joined(separator: ", "))
        """
      )
    }
    let command = ConvertCommand(dataset.cache).text(slicing: options(of: checkpoint))
    throw CommandFailure(
      .badData,
      """
      \(dataset.cache.path): has \(cache), and \(checkpoint.path) was trained on \
      \(checkpoint.data). To make a cache that fits: \(command)
      """
    )
  }

  /// The options of `convert` that give frames like those that a model was trained on.
  private static func options(of checkpoint: Checkpoint) -> String {
    let recipe = checkpoint.metadata["frames_recipe"].flatMap { try? FramingRecipe(json: $0) }
    let rule = recipe.map { " --split-by \($0.slicing.splitBy)" } ?? ""
    let size = "\(checkpoint.data.width)x\(checkpoint.data.height)"
    return "-T \(checkpoint.data.steps)\(rule) --geometry \(size)"
  }
}
