import EventIO
import Foundation
import Framing
import HDF5
import Testing
import _TestSupport

/// What is compressed at each level is what the HDF5 library, and so zlib, inflates.
@Suite struct ChunkCompressorTests {
  /// Counts of many kinds: empty, noise of any density, runs, one value only, rising frequencies.
  private static func counts(_ kind: Int, _ generator: inout SplitMix64) -> [Int32] {
    let size = 2 * 24 * 32
    return (0..<size).map { index in
      switch kind {
      case 0: 0
      case 1: 255
      case 2...9: Int.random(in: 0..<(kind * kind), using: &generator) == 0 ? 1 : 0
      case 10: .random(in: 0...255, using: &generator)
      case 11: Int32(index / 97 % 256)
      case 12: Int32(index % 2)
      case 13: Int32((generator.next() | 1 << 40).trailingZeroBitCount)
      default: index < size - kind ? 3 : .random(in: 0...9, using: &generator)
      }
    }
  }

  @Test(arguments: [0, 1, 2, 6, 9])
  func everyLevelIsInflatedByTheLibrary(_ level: Int) throws {
    let folder = try TemporaryFolder()
    let geometry = SensorGeometry(width: 32, height: 24)
    let recipe = FramingRecipe(slicing: .equalCount(frames: 1), geometry: geometry)
    let path = folder.file("a.h5")
    let writer = try FrameCacheWriter(
      path,
      description: CacheDescription(recipe: recipe, dataset: "folder", classNames: ["a"]),
      type: .uint8,
      compression: level
    )
    var generator = SplitMix64(seed: 4)
    var expected: [Int32] = []
    for kind in 0..<40 {
      let counts = Self.counts(kind, &generator)
      var slices = SliceTable()
      (slices.events, slices.start, slices.end) = ([1], [1], [1])
      try writer.append(
        EncodedSample(
          name: "\(kind)",
          label: 0,
          slices: slices,
          frames: FrameStack(counts: counts, frameCount: 1, geometry: geometry),
          recipe: recipe,
          compression: level
        )
      )
      expected += counts
    }
    try writer.finish(splits: [:])
    let read = try HDF5Reader(path).dataset("frames").integers()
    #expect(read == expected.map { Int64($0) })
  }
}
