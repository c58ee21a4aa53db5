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

  /// Opens a cache whose samples all have the same number of frames.
  init(_ path: String) throws {
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
    sampleShape = [frames, cache.geometry.height, cache.geometry.width, 2]
  }

  var count: Int { cache.count }

  var classNames: [String] { cache.classNames }

  func label(at index: Int) -> Int { cache.labels[index] }

  /// Counts come as `[T, 2, H, W]` and go channels last.
  func readSample(at index: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
    var memory = idle.withLock { $0.popLast() } ?? Memory()
    try cache.read(at: index, into: &memory.counts, scratch: &memory.scratch)
    Self.spread(memory.counts, size: sampleShape[1] * sampleShape[2], into: target)
    idle.withLock { [memory] in $0.append(memory) }
  }

  /// Turns counts `[T, 2, H, W]` into `[T, H, W, 2]`.
  ///
  /// - Parameter size: H·W.
  static func spread(
    _ counts: [Int32],
    size: Int,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    counts.withUnsafeBufferPointer { counts in
      for first in stride(from: 0, to: counts.count, by: 2 * size) {
        for pixel in first..<first + size {
          target[2 * pixel - first] = Float(counts[pixel])
          target[2 * pixel - first + 1] = Float(counts[pixel + size])
        }
      }
    }
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
