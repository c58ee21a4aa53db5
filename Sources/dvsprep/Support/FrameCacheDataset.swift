import Framing
import SpikeNet
import Synchronization

/// A frame cache as a data set: counts `[T, H, W, 2]`, read on any number of threads.
final class FrameCacheDataset: Dataset {
  private struct Memory {
    var counts: [Int32] = []
    var scratch = FrameCache.Scratch()
  }

  let cache: FrameCache
  let sampleShape: Shape
  private let idle = Mutex<[Memory]>([])
  private let window: FrameWindow

  /// Opens a cache whose samples all have the same number of frames.
  ///
  /// - Parameter input: What is read of each frame.
  init(_ path: String, reading input: InputExpectation = InputExpectation()) throws {
    cache = try FrameCache(path)
    guard let frames = cache.recipe.slicing.frameCount else {
      throw CommandFailure(
        .badData,
        """
        \(path): samples have \(cache.recipe.slicing), so their number differs; models need the \
        same number for all. Convert with: \(ConvertCommand(cache).text(slicing: "-T 16"))
        """
      )
    }
    guard cache.count > 0 else { throw CommandFailure(.badData, "\(path): has no samples") }
    let (height, width) = (cache.geometry.height, cache.geometry.width)
    guard let window = FrameWindow(height: height, width: width, reading: input) else {
      throw CommandFailure(
        .usage,
        """
        \(path): frames of \(width)×\(height) cannot be read with input.crop=\(input.crop) \
        input.downscale=\(input.downscale)
        """
      )
    }
    self.window = window
    sampleShape = [frames, window.rows, window.columns, 2]
  }

  var count: Int { cache.count }

  var classNames: [String] { cache.classNames }

  func label(at index: Int) -> Int { cache.labels[index] }

  /// Counts come as `[T, 2, H, W]` and go channels last.
  func readSample(at index: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
    var memory = idle.withLock { $0.popLast() } ?? Memory()
    try cache.read(at: index, into: &memory.counts, scratch: &memory.scratch)
    memory.counts.withUnsafeBufferPointer { counts in
      window.read(counts, steps: sampleShape[0], into: target)
    }
    idle.withLock { [memory] in $0.append(memory) }
  }

  /// What a checkpoint keeps, so that recordings can be framed like the training data.
  var notes: [String: String] {
    ["frames_recipe": cache.recipe.json, "dataset": cache.description.dataset]
  }
}

extension FrameCacheDataset {
  /// The parts of a split.
  ///
  /// - Parameter name: Empty takes `official`, or the only split there is, or the first by name.
  func trainingData(split name: String) throws -> TrainingData {
    let parts = try parts(of: name)
    guard let training = parts["train"], !training.isEmpty else {
      throw CommandFailure(.badData, "\(cache.path): the split has no train part")
    }
    return TrainingData(
      self,
      training: training,
      validation: parts["val"] ?? [],
      test: parts["test"] ?? []
    )
  }

  /// Sample indices by part; a cache without splits is all test.
  func parts(of name: String) throws -> [String: [Int]] {
    let names = cache.splits.keys.sorted()
    let preferred = names.contains("official") ? "official" : names.first
    if let chosen = name.isEmpty ? preferred : name, let parts = cache.splits[chosen] {
      return parts
    }
    guard !name.isEmpty else { return ["test": Array(0..<count)] }
    let known = names.isEmpty ? "it has none" : "there are \(names.joined(separator: ", "))"
    throw CommandFailure(.usage, "\(cache.path): no split \(name); \(known)")
  }
}
