import EventIO
import Framing
import _TestSupport

/// Small caches made from seeds.
struct CacheFixture {
  static let geometry = SensorGeometry(width: 6, height: 4)
  let recipe: FramingRecipe
  let stacks: [FrameStack]
  let slices: [SliceTable]
  let labels: [Int]

  /// Makes samples whose counts stay below a limit, each its own.
  init(slicing: Slicing, frameCounts: [Int], limits: [Int32], geometry: SensorGeometry = geometry) {
    recipe = FramingRecipe(slicing: slicing, geometry: geometry)
    var generator = SplitMix64(seed: 11)
    stacks = zip(frameCounts, limits).map { frames, limit in
      let size = frames * 2 * geometry.width * geometry.height
      var counts = (0..<size).map { _ in Int32.random(in: 0...limit, using: &generator) }
      if !counts.isEmpty { counts[size / 2] = limit }
      return FrameStack(counts: counts, frameCount: frames, geometry: geometry)
    }
    slices = stacks.enumerated().map { index, stack in
      var table = SliceTable()
      for frame in 0..<stack.frameCount {
        let events = stack[frame: frame].reduce(0) { $0 + Int64($1) }
        table.events.append(events)
        table.start.append(events == 0 ? -1 : Int64(1000 * index + frame))
        table.end.append(events == 0 ? -1 : Int64(1000 * index + frame + 1))
      }
      return table
    }
    labels = stacks.indices.map { $0 % 3 }
  }

  var description: CacheDescription {
    CacheDescription(
      recipe: recipe,
      dataset: "folder",
      classNames: ["null", "eins", "zwölf"],
      sourceFingerprint: "f00d",
      createdBy: "dvsprep test",
      command: "convert a -o b"
    )
  }

  func name(_ index: Int) -> String { "train/\(labels[index])/sample_\(index)" }

  func encoded(_ index: Int, atLeast type: CountType = .uint8) -> EncodedSample {
    EncodedSample(
      name: name(index),
      label: labels[index],
      slices: slices[index],
      frames: stacks[index],
      recipe: recipe,
      atLeast: type,
      compression: 4
    )
  }

  /// Writes all samples; the first is test, the others train.
  func write(to path: String) throws {
    let type = stacks.map { CountType(holding: $0.maximum) }.max() ?? .uint8
    let writer = try FrameCacheWriter(path, description: description, type: type, compression: 4)
    for index in stacks.indices { try writer.append(encoded(index)) }
    try writer.finish(
      splits: ["official": ["train": Array(stacks.indices.dropFirst()), "test": [0]], "none": [:]])
  }
}
