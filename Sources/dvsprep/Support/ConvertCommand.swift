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
    try check(
      dataset,
      against: checkpoint.data,
      of: checkpoint.path,
      recipe: checkpoint.metadata["frames_recipe"]
    )
  }

  /// Refuses a cache whose samples or classes differ from what a model at a path takes.
  static func check(
    _ dataset: FrameCacheDataset,
    against trained: DataDescription,
    of path: String,
    recipe: String?
  ) throws {
    let cache = DataDescription(sampleShape: dataset.sampleShape, classNames: dataset.classNames)
    guard cache != trained else { return }
    guard cache.classNames.count == trained.classNames.count else {
      throw CommandFailure(
        .badData,
        """
        \(dataset.cache.path): has \(cache.classNames.count) classes, and \(path) was \
        trained on \(trained.classNames.count): this is another data set
        """
      )
    }
    guard cache.input != trained.input else {
      throw CommandFailure(
        .badData,
        """
        \(dataset.cache.path): its classes are \(cache.classNames.joined(separator: ", ")), and \
        \(path) was trained on \(trained.classNames.joined(separator: ", "))
        """
      )
    }
    let command = ConvertCommand(dataset.cache).text(slicing: options(of: trained, recipe: recipe))
    throw CommandFailure(
      .badData,
      """
      \(dataset.cache.path): has \(cache), and \(path) was trained on \
      \(trained). To make a cache that fits: \(command)
      """
    )
  }

  /// Refuses a cache whose samples are not those that a configuration expects.
  static func check(
    _ dataset: FrameCacheDataset,
    against configuration: TrainingConfiguration
  ) throws {
    let cache = DataDescription(sampleShape: dataset.sampleShape, classNames: dataset.classNames)
    let expected = configuration.input
    guard !expected.allows(cache) else { return }
    let steps = expected.steps == 0 ? cache.steps : expected.steps
    let (height, width) = (
      expected.height == 0 ? cache.height : expected.height,
      expected.width == 0 ? cache.width : expected.width
    )
    let factor = expected.downscale
    let rule = dataset.cache.recipe.slicing.splitBy
    let command = ConvertCommand(dataset.cache)
      .text(
        slicing: "-T \(steps) --split-by \(rule) --geometry \(width * factor)x\(height * factor)"
      )
    let source = configuration.recipe.isEmpty ? "input" : "recipe \(configuration.recipe)"
    throw CommandFailure(
      .badData,
      """
      \(dataset.cache.path): has \(cache), and \(source) expects \(steps) frames of \
      \(width)×\(height). To make a cache that fits: \(command); to train on this one, set input.T=0 input.height=0 input.width=0
      """
    )
  }

  /// The options of `convert` that give frames like those that a model was trained on.
  private static func options(of trained: DataDescription, recipe: String?) -> String {
    let recipe = recipe.flatMap { try? FramingRecipe(json: $0) }
    let rule = recipe.map { " --split-by \($0.slicing.splitBy)" } ?? ""
    return "-T \(trained.steps)\(rule) --geometry \(trained.width)x\(trained.height)"
  }
}
