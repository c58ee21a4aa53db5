import Foundation
import Framing

/// Opens a cache and reads all of it, some of it twice, from a file that exists in memory only.
enum CacheFuzz {
  static func run(_ input: [UInt8]) throws {
    let descriptor = temporaryFile()
    defer { close(descriptor) }
    try require(write(descriptor, input, input.count) == input.count, "cannot write the input")
    guard let cache = try? FrameCache("/proc/self/fd/\(descriptor)") else { return }
    try require(cache.names.count == cache.count, "\(cache.names.count) names")
    for label in cache.labels {
      try require(cache.classNames.indices.contains(label), "label \(label)")
    }
    for part in cache.splits.values.flatMap({ $0.values }) {
      try require(part.allSatisfy { (0..<cache.count).contains($0) }, "a split of other samples")
    }
    for index in 0..<min(cache.count, 8) { try readSample(index, of: cache) }
  }

  /// Opens a file without a name, in memory where the system has a folder for that.
  private static func temporaryFile() -> Int32 {
    for folder in ["/dev/shm", NSTemporaryDirectory()] {
      var path = Array("\(folder)/dvsprep-fuzz-XXXXXX".utf8CString)
      let descriptor = mkstemp(&path)
      guard descriptor >= 0 else { continue }
      unlink(path)
      return descriptor
    }
    return -1
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
