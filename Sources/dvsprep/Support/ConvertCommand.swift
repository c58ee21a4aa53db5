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
      reading: checkpoint.configuration.input,
      recipe: checkpoint.metadata["frames_recipe"]
    )
  }

  /// Refuses a cache whose samples or classes differ from what a model at a path takes.
  static func check(
    _ dataset: FrameCacheDataset,
    against trained: DataDescription,
    of path: String,
    reading input: InputExpectation,
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
    let slicing = recipe.flatMap { try? FramingRecipe(json: $0) }?.slicing
    let remedy = remedy(
      dataset,
      for: (trained.steps, trained.height, trained.width),
      cutBy: slicing ?? dataset.cache.recipe.slicing,
      reading: input
    )
    throw CommandFailure(
      .badData,
      "\(dataset.cache.path): has \(cache), and \(path) was trained on \(trained). \(remedy)"
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
    let remedy = remedy(
      dataset,
      for: (steps, height, width),
      cutBy: dataset.cache.recipe.slicing,
      reading: expected
    )
    let source = configuration.recipe.isEmpty ? "input" : "recipe \(configuration.recipe)"
    throw CommandFailure(
      .badData,
      """
      \(dataset.cache.path): has \(cache), and \(source) expects \(steps) frames of \
      \(width)×\(height). \(remedy); to train on this one as it is, set input.T=0 input.height=0 input.width=0
      """
    )
  }

  /// What gives frames of a size: another cache, or another way of reading this one's source.
  private static func remedy(
    _ dataset: FrameCacheDataset,
    for frames: (steps: Int, height: Int, width: Int),
    cutBy slicing: Slicing,
    reading input: InputExpectation
  ) -> String {
    let cut = "-T \(frames.steps) --split-by \(slicing.splitBy)"
    let command = ConvertCommand(dataset.cache)
    let cache = dataset.sampleShape
    if (cache[1], cache[2]) == (frames.height, frames.width) {
      return "To make a cache that fits: \(command.text(slicing: cut))"
    }
    let sensor = dataset.cache.geometry
    let factor = max(1, input.downscale)
    let (height, width) = (frames.height * factor, frames.width * factor)
    if height >= sensor.height, width >= sensor.width {
      let slicing = "\(cut) --geometry \(width)x\(height)"
      return "To make a cache that fits: \(command.text(slicing: slicing))"
    }
    let whole = sensor.height / frames.height
    let reading =
      (frames.height * whole, frames.width * whole) == (sensor.height, sensor.width)
      ? "input.crop=0 input.downscale=\(whole)" : "input.crop=\(frames.height) input.downscale=1"
    let other = command.text(slicing: "\(cut) --geometry \(width)x\(height)")
    let again = cache[0] == frames.steps ? "" : " of a cache made with \(cut)"
    return "Its sensor is \(sensor): \(reading) reads frames of the size that is wanted\(again); "
      + "for recordings of a smaller sensor: \(other)"
  }
}
