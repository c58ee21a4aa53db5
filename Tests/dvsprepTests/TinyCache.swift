import EventIO
import Framing
import SpikeNet
import Testing
import _TestSupport

/// A cache of noise in which each of three classes has more counts in another part of the frame.
struct TinyCache {
  let path: String
  static let count = 30

  /// Writes the cache.
  ///
  /// - Parameters:
  ///   - steps: Frames in each sample.
  ///   - slicing: Another way of cutting than by number; frames still are `steps`.
  init(
    in folder: TemporaryFolder,
    name: String = "tiny.h5",
    steps: Int = 3,
    size: Int = 8,
    slicing: Slicing? = nil,
    classNames: [String] = ["left", "middle", "right"],
    splits: [String: [String: [Int]]]? = nil
  ) throws {
    path = folder.file(name)
    let geometry = try #require(SensorGeometry("\(size)x\(size)"))
    let recipe = FramingRecipe(
      slicing: slicing ?? .equalCount(frames: steps),
      geometry: geometry
    )
    let description = CacheDescription(
      recipe: recipe,
      dataset: "folder",
      classNames: classNames
    )
    let writer = try FrameCacheWriter(
      path,
      description: description,
      type: .int16,
      compression: 1
    )
    for index in 0..<Self.count {
      var slices = SliceTable()
      slices.events = Array(repeating: 1, count: steps)
      (slices.start, slices.end) = (slices.events, slices.events)
      let counts = Self.counts(index, steps: steps, size: size)
      try writer.append(
        EncodedSample(
          name: "sample\(index)",
          label: index % 3,
          slices: slices,
          frames: FrameStack(counts: counts, frameCount: steps, geometry: geometry),
          recipe: recipe,
          compression: 1
        )
      )
    }
    try writer.finish(
      splits: splits ?? ["official": ["train": Array(0..<21), "test": Array(21..<Self.count)]]
    )
  }

  private static func counts(_ index: Int, steps: Int, size: Int) -> [Int32] {
    var generator = SeededGenerator(seed: UInt64(index))
    return (0..<steps * 2 * size * size).map { position in
      let part = position % size * 3 / size
      return Int32(generator.next() % 3) + (part == index % 3 ? 2 : 0)
    }
  }
}
