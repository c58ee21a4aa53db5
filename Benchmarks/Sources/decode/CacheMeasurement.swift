import Framing

/// Reads all samples of a cache in a random order, as training does.
struct CacheMeasurement {
  private let cache: FrameCache

  init(_ path: String) throws { cache = try FrameCache(path) }

  func run() throws {
    var generator = SystemRandomNumberGenerator()
    let order = Array(0..<cache.count).shuffled(using: &generator)
    var scratch = FrameCache.Scratch()
    var floats: [Float] = []
    try Stopwatch("cache to Float", cache.path).report("frames/s", scale: 1) {
      var frames = 0
      for index in order {
        try cache.read(at: index, into: &floats, scratch: &scratch)
        frames += cache.frameCount(at: index)
      }
      return frames
    }
    guard cache.type == .uint8 else { return }
    var bytes: [UInt8] = []
    try Stopwatch("cache to UInt8", cache.path).report("frames/s", scale: 1) {
      var frames = 0
      for index in order {
        try cache.read(at: index, into: &bytes, scratch: &scratch)
        frames += cache.frameCount(at: index)
      }
      return frames
    }
  }
}
