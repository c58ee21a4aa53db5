import EventIO
import Foundation
import Framing
import HDF5
import Testing
import _TestSupport

@Suite struct FrameCacheTests {
  private static let fixed = CacheFixture(
    slicing: .equalCount(frames: 3),
    frameCounts: [3, 3, 3, 3, 3],
    limits: [9, 255, 0, 77, 200]
  )
  private static let widening = CacheFixture(
    slicing: .equalDuration(frames: 3),
    frameCounts: [3, 3, 3, 3],
    limits: [9, 256, 70_000, 3]
  )
  private static let variable = CacheFixture(
    slicing: .eventsPerFrame(10),
    frameCounts: [2, 0, 5, 1],
    limits: [9, 0, 300, 1]
  )
  private static let large = CacheFixture(
    slicing: .microsecondsPerFrame(9, rule: .grid),
    frameCounts: [1, 2],
    limits: [1, 40_000],
    geometry: SensorGeometry(width: 346, height: 260)
  )
  private static let frameChunks = CacheFixture(
    slicing: .equalCount(frames: 9),
    frameCounts: [9, 9],
    limits: [1, 300],
    geometry: SensorGeometry(width: 346, height: 260)
  )

  private static let all = [
    ("fixed", fixed, CountType.uint8), ("widening", widening, .int32),
    ("variable", variable, .int16), ("large", large, .int32), ("frameChunks", frameChunks, .int16),
  ]

  @Test(arguments: all.indices)
  func samplesSurviveTheRoundTrip(_ index: Int) throws {
    let (name, fixture, type) = Self.all[index]
    let folder = try TemporaryFolder()
    let path = folder.file("\(name).h5")
    try fixture.write(to: path)
    let cache = try FrameCache.open(path, expecting: fixture.recipe)
    #expect(cache.description == fixture.description)
    #expect(cache.type == type)
    #expect(cache.labels == fixture.labels)
    #expect(cache.names == fixture.stacks.indices.map { fixture.name($0) })
    #expect(
      cache.splits == [
        "official": ["train": Array(1..<fixture.stacks.count), "test": [0]]
      ]
    )
    for index in fixture.stacks.indices.reversed() {
      #expect(try cache.frames(at: index) == fixture.stacks[index])
      #expect(try cache.slices(at: index) == fixture.slices[index])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["\(name).h5"])
  }

  @Test func samplesEncodedTooNarrowlyAreWidened() throws {
    let fixture = Self.widening
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let writer = try FrameCacheWriter(
      path,
      description: fixture.description,
      type: .int32,
      compression: 1
    )
    for index in fixture.stacks.indices {
      try writer.append(fixture.encoded(index, atLeast: index == 0 ? .int16 : .uint8))
    }
    try writer.finish(splits: [:])
    let cache = try FrameCache.open(path)
    for index in fixture.stacks.indices {
      #expect(try cache.frames(at: index) == fixture.stacks[index])
    }
  }

  @Test func manyThreadsReadTheSameCache() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let fixture = Self.fixed
    try fixture.write(to: path)
    let cache = try FrameCache.open(path)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          var counts: [Int32] = []
          var scratch = FrameCache.Scratch()
          for round in 0..<200 {
            let index = (task * 7 + round) % cache.count
            try cache.read(at: index, into: &counts, scratch: &scratch)
            if counts != fixture.stacks[index].counts { return false }
          }
          return true
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }

  @Test func anUnfinishedCacheDoesNotExist() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    do {
      let writer = try FrameCacheWriter(
        path,
        description: Self.fixed.description,
        type: .uint8,
        compression: 4
      )
      try writer.append(Self.fixed.encoded(0))
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(FileManager.default.fileExists(atPath: path + ".partial"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func anotherRecipeIsAnErrorThatNamesTheField() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try Self.fixed.write(to: path)
    var expected = Self.fixed.recipe
    expected.slicing = .equalDuration(frames: 8)
    let error = #expect(throws: FramingError.self) {
      try FrameCache.open(path, expecting: expected)
    }
    #expect(error?.kind == .recipeMismatch)
    #expect(error?.reason.contains("split_by is number, expected time") == true)
    #expect(error?.reason.contains("frames_number is 3, expected 8") == true)
    #expect(error?.path == path)
  }

  @Test func filesThatAreNotCachesAreErrors() throws {
    let folder = try TemporaryFolder()
    let other = folder.file("other.h5")
    try HDF5File.create(other).setAttribute("format", to: "something else")
    let text = try folder.write(Array("hello".utf8), to: "text.h5")
    func kind(_ path: String) -> FramingError.Kind? {
      #expect(throws: FramingError.self) { try FrameCache.open(path) }?.kind
    }
    #expect(kind(other) == .corrupt)
    #expect(kind(text) == .corrupt)
    #expect(kind(folder.path) == .missing)
    #expect(kind(folder.file("absent.h5")) == .missing)
  }

  @Test func contradictionsInsideACacheAreErrors() throws {
    let folder = try TemporaryFolder()
    let damages: [(String, (HDF5File) throws -> Void)] = [
      ("label", { try $0.dataset("labels").write([99] as [Int64], start: [1], count: [1]) }),
      (
        "split",
        {
          try $0.dataset("splits/official/test").write([77] as [Int64], start: [0], count: [1])
        }
      ),
      ("slice_events", { try $0.dataset("frames").resize(firstExtent: 4) }),
      (
        "recipe",
        {
          let recipe = FramingRecipe(
            slicing: .equalCount(frames: 4),
            geometry: CacheFixture.geometry
          )
          try $0.setAttribute("recipe", to: recipe.json)
        }
      ),
      ("recipe", { try $0.setAttribute("recipe", to: "{}") }),
      ("version", { try $0.setAttribute("format_version", to: Int64(2)) }),
    ]
    for (word, damage) in damages {
      let path = folder.file("a.h5")
      try Self.fixed.write(to: path)
      do {
        let file = try HDF5File.openForWriting(path)
        try damage(file)
        try file.flush()
      }
      let error = #expect(throws: FramingError.self) { try FrameCache.open(path) }
      #expect(error?.reason.contains(word) == true, "\(error?.reason ?? "")")
    }
  }

  @Test func offsetsOutOfOrderAreErrors() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try Self.variable.write(to: path)
    do {
      let offsets = try HDF5File.openForWriting(path).dataset("offsets")
      try offsets.write([7] as [Int64], start: [1], count: [1])
    }
    let error = #expect(throws: FramingError.self) { try FrameCache.open(path) }
    #expect(error?.reason.contains("offsets") == true)
  }

  @Test(arguments: [fixed, variable].indices)
  func flippedBytesAreReadOrReported(_ index: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try [Self.fixed, Self.variable][index].write(to: path)
    let original = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    var generator = SplitMix64(seed: 3)
    var failures = 0
    for _ in 0..<400 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
          in: 0...255,
          using: &generator
        )
      }
      if Bool.random(using: &generator) {
        bytes.removeLast(Int.random(in: bytes.indices, using: &generator))
      }
      try folder.write(bytes, to: "a.h5")
      do {
        let cache = try FrameCache.open(path)
        for sample in 0..<cache.count {
          _ = try cache.frames(at: sample)
          _ = try cache.slices(at: sample)
        }
      } catch { failures += 1 }
    }
    #expect(failures > 100)
  }
}
