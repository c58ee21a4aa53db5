import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

@Suite struct FramingPipelineTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ events: EventBuffer, to name: String) throws -> String {
    let path = folder.file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true
    )
    try NPZWriter.write(events, to: path)
    return path
  }

  private func events(_ count: Int, x: UInt16 = 0, step: Int64 = 1000) -> EventBuffer {
    var events = EventBuffer()
    for index in 0..<count { events.append(t: Int64(index) * step, x: x, y: 0, p: .on) }
    return events
  }

  @Test func longSamplesAreEncodedInPartsThatMayNeedWiderCounts() async throws {
    // 2 · 1280 · 720 counts a frame: nine frames fill a part, and only the last has 300 in a pixel.
    var recording = events(25)
    for _ in 0..<300 { recording.append(t: 24_500, x: 7, y: 5, p: .off) }
    let path = try write(recording, to: "long.npz")
    let recipe = FramingRecipe(
      slicing: .microsecondsPerFrame(999, rule: .firstEvent),
      geometry: SensorGeometry(width: 1280, height: 720)
    )
    let output = folder.file("a.h5")
    let catalog = try RecordingCatalog.open([path])
    let report = try await FramingPipeline(catalog, recipe, isGeometryForced: true).run(to: output)
    #expect(report.frames == 25 && report.type == .int16 && report.events == 325)
    let cache = try FrameCache.open(output)
    let slices = try SliceIndex(recording, slicing: recipe.slicing)
    let expected = try FrameIntegrator(geometry: recipe.geometry).integrate(recording, slices)
    #expect(try cache.frames(at: 0) == expected)
    #expect(try cache.slices(at: 0).events == Array(repeating: 1, count: 24) + [301])
  }

  @Test func narrowSamplesAreWidenedWhenOneNeedsIt() async throws {
    for index in 0..<20 {
      _ = try write(events(index == 13 ? 40_000 : index), to: "set/a/\(index).npz")
    }
    let catalog = try RecordingCatalog.open([folder.file("set")])
    let recipe = FramingRecipe(
      slicing: .equalCount(frames: 1),
      geometry: SensorGeometry(width: 4, height: 4)
    )
    let output = folder.file("a.h5")
    let options = PipelineOptions(jobs: 3, splits: [.sj90])
    let report = try await FramingPipeline(
      catalog,
      recipe,
      isGeometryForced: true,
      options: options
    ).run(to: output)
    #expect(report.type == .int32 && report.splits == ["sj-0.9": ["train": 18, "test": 2]])
    let cache = try FrameCache.open(output)
    for index in 0..<20 {
      let number = try #require(Int32(cache.names[index].dropFirst(2)))
      #expect(try cache.frames(at: index).counts[16] == (number == 13 ? 40_000 : number))
    }
  }

  @Test(arguments: ["a", "z"])
  func recordingsThatFailDoNotWidenOthers(_ name: String) async throws {
    // Its first window needs wider counts; it is torn after many events more.
    var torn = EventBuffer()
    for t in 0..<90_000 { torn.append(t: Int64(t), x: t < 1000 ? 1 : UInt16(t % 64), y: 0, p: .on) }
    let bytes = try AEDAT3Writer().recording(of: torn)
    let labels = "class,startTime_usec,endTime_usec\n1,0,1000\n2,1000,90000\n"
    for recording in ["a", "m", "z"] {
      let isTorn = recording == name
      let events = MiniDataset.events(2000, seed: 5)
      let whole = isTorn ? bytes.dropLast(7) : try AEDAT3Writer().recording(of: events)[...]
      try folder.write(Array(whole), to: "set/\(recording).aedat")
      try folder.write(Array(labels.utf8), to: "set/\(recording)_labels.csv")
    }
    let catalog = try RecordingCatalog.open([folder.file("set")])
    let recipe = FramingRecipe(
      slicing: .equalCount(frames: 1),
      geometry: SensorGeometry(width: 128, height: 128)
    )
    let options = PipelineOptions(jobs: 1, keepsGoing: true)
    let pipeline = FramingPipeline(catalog, recipe, options: options)
    let report = try await pipeline.run(to: folder.file("a.h5"))
    #expect(report.failures.count == 1 && report.samples == 4)
    #expect(report.type == .uint8)

    let again = await #expect(throws: FramingError.self) {
      try await pipeline.run(to: folder.file("a.h5"))
    }
    #expect(again?.reason.contains("4 samples, expected 6, without ") == true, "\(again as Any)")
    #expect(again?.reason.contains("\(name)_0") == true)
  }

  @Test func aShardOfFailuresIsAPartWithoutSamples() async throws {
    try folder.write([], to: "set/a/0.aedat")
    try folder.write(try AEDAT3Writer().recording(of: events(9)), to: "set/a/1.aedat")
    let catalog = try RecordingCatalog.open([folder.file("set")])
    let recipe = FramingRecipe(
      slicing: .equalCount(frames: 1),
      geometry: SensorGeometry(width: 128, height: 128)
    )
    var samples: [Int] = []
    for part in 1...2 {
      var options = PipelineOptions(jobs: 1, keepsGoing: true)
      options.shard = Shard("\(part)/2")
      let pipeline = FramingPipeline(catalog, recipe, options: options)
      samples.append(try await pipeline.run(to: folder.file("\(part).h5")).samples)
    }
    #expect(samples.sorted() == [0, 1])
  }

  @Test func aFingerprintChangesWithASourceAndOnlyThen() async throws {
    func fingerprint() async throws -> String {
      let catalog = try RecordingCatalog.open([folder.file("set")])
      let recipe = FramingRecipe(
        slicing: .equalCount(frames: 1),
        geometry: SensorGeometry(width: 128, height: 128)
      )
      let output = folder.file("a.h5")
      let options = PipelineOptions(overwrites: true)
      _ = try await FramingPipeline(catalog, recipe, options: options).run(to: output)
      return try FrameCache.open(output).description.sourceFingerprint
    }
    _ = try write(events(10), to: "set/a/0.npz")
    _ = try write(events(10), to: "set/b/1.npz")
    let first = try await fingerprint()
    #expect(try await fingerprint() == first)
    _ = try write(events(10, x: 1), to: "set/b/1.npz")
    #expect(try await fingerprint() != first)
  }

  @Test func recordingsOfAnotherSensorAreErrors() async throws {
    var small = events(10)
    small.append(t: 10_000, x: 200, y: 3, p: .off)
    let a = folder.file("a.aedat")
    try AEDAT2Writer(layout: .davis240).write(small, to: a)
    let b = folder.file("b.aedat")
    try AEDAT2Writer(layout: .dvs128).write(events(10), to: b)
    let catalog = try RecordingCatalog.open([a, b])
    let geometry = try catalog.geometry(reading: ReadOptions())
    #expect(geometry == SensorGeometry(width: 240, height: 180))
    let recipe = FramingRecipe(slicing: .equalCount(frames: 1), geometry: geometry)
    let output = folder.file("a.h5")
    let error = await #expect(throws: UnfinishedConversion.self) {
      try await FramingPipeline(catalog, recipe).run(to: output)
    }
    #expect(error?.cause is FramingError)
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func aCancelledRunKeepsItsWorkAndGoesOn() async throws {
    for index in 0..<50 { _ = try write(events(1000), to: "set/a/\(index).npz") }
    let catalog = try RecordingCatalog.open([folder.file("set")])
    let recipe = FramingRecipe(
      slicing: .equalCount(frames: 16),
      geometry: SensorGeometry(width: 128, height: 128)
    )
    let output = folder.file("a.h5")
    let task = Task {
      try await FramingPipeline(catalog, recipe).run(to: output) { progress in
        if progress.samples == 3 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    let error = await #expect(throws: UnfinishedConversion.self) { _ = try await task.value }
    #expect(error?.cause is CancellationError)
    #expect(error?.kept == KeptWork(samples: 3, path: output + ".journal"))
    #expect(try names() == ["a.h5.journal", "set"])
    let report = try await FramingPipeline(catalog, recipe).run(to: output)
    #expect(report.keptSamples == 3 && report.samples == 50 && report.events == 50_000)
    #expect(try names() == ["a.h5", "set"])
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
}
