import Framing

/// Opens a cache and reads all of it, some of it twice.
enum CacheFuzz {
  static func run(_ input: [UInt8]) throws {
    guard let cache = try? FrameCache(bytes: input, name: "input") else { return }
    try require(cache.names.count == cache.count, "\(cache.names.count) names")
    for label in cache.labels {
      try require(cache.classNames.indices.contains(label), "label \(label)")
    }
    for part in cache.splits.values.flatMap({ $0.values }) {
      try require(part.allSatisfy { (0..<cache.count).contains($0) }, "a split of other samples")
    }
    for index in 0..<min(cache.count, 8) { try readSample(index, of: cache) }
  }

  private static func readSample(_ index: Int, of cache: FrameCache) throws {
    let size = cache.frameCount(at: index) * cache.frameSize
    if let stack = try? cache.frames(at: index) {
      try require(stack.counts.count == size, "\(stack.counts.count) counts")
      var floats: [Float] = []
      var scratch = FrameCache.Scratch()
      try cache.read(at: index, into: &floats, scratch: &scratch)
      try require(floats.count == size, "\(floats.count) counts")
      try require(floats.first == stack.counts.first.map { Float($0) }, "other counts")
    }
    if let table = try? cache.slices(at: index) {
      try require(table.events.count == cache.frameCount(at: index), "another number of slices")
      try require(table.events.count == table.start.count, "columns differ in length")
    }
  }
}
