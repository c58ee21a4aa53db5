import EventIO
import Foundation
import Framing
import Synchronization
import Testing
import _TestSupport

/// Recordings give the same samples whether they are held, read several times, or cut in passing.
@Suite struct LongRecordingTests {
  private static let geometry = SensorGeometry(width: 128, height: 128)

  static let slicings: [Slicing] = [
    .equalCount(frames: 7), .equalCount(frames: 1), .equalDuration(frames: 5),
    .equalDuration(frames: 60), .eventsPerFrame(999), .microsecondsPerFrame(700, rule: .firstEvent),
    .microsecondsPerFrame(700, rule: .grid),
  ]

  /// How timestamps follow each other.
  enum Order: CaseIterable {
    case sorted, shuffled, backAtTheEnd
  }

  private func events(_ count: Int, _ order: Order, seed: UInt64 = 3) -> EventBuffer {
    var generator = SplitMix64(seed: seed)
    var events = EventBuffer()
    var time: Int64 = 5000
    for index in 0..<count {
      // A gap leaves slices of equal duration empty.
      time += index == count / 2 ? 9000 : Int64.random(in: 0...2, using: &generator)
      events.append(
        t: order == .shuffled ? time - Int64.random(in: 0...40, using: &generator) : time,
        x: .random(in: 0..<128, using: &generator),
        y: .random(in: 0..<128, using: &generator),
        p: Bool.random(using: &generator) ? .on : .off
      )
    }
    guard order == .backAtTheEnd else { return events }
    // It belongs to a window that has been cut by then.
    var all = events[0..<count - 1]
    all.append(t: 5060, x: 1, y: 1, p: .on)
    return all
  }

  /// Converts twice, with and without holding the events, and compares the files.
  private func expectEqual(_ input: String, _ slicing: Slicing, in folder: TemporaryFolder)
    async throws
  {
    var caches: [Data] = []
    for held in [1 << 22, 500] {
      let output = folder.file("a.h5")
      var options = PipelineOptions(overwrites: true)
      options.heldEvents = held
      let pipeline = FramingPipeline(
        try RecordingCatalog.open([input]),
        FramingRecipe(slicing: slicing, geometry: Self.geometry),
        options: options
      )
      let report = try await pipeline.run(to: output)
      #expect(report.events == 20_000)
      caches.append(try Data(contentsOf: URL(fileURLWithPath: output)))
    }
    #expect(caches[0] == caches[1], "\(slicing)")
  }

  @Test(arguments: slicings, Order.allCases)
  func aRecordingIsCutAlike(_ slicing: Slicing, _ order: Order) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.aedat")
    try AEDAT3Writer().write(events(20_000, order), to: path)
    try await expectEqual(path, slicing, in: folder)
  }

  // Short and long windows, and an empty one.
  static let disjoint = """
    class,startTime_usec,endTime_usec
    4,13300,40000
    1,5000,5100
    2,5100,13000
    3,13000,13300
    5,90000,90001
    """
  static let overlapping = disjoint.replacing("5100,13000", with: "5050,13100")

  /// A dataset of one recording, and labels that cut it into windows.
  private func dataset(_ order: Order, _ labels: String, in folder: TemporaryFolder) throws
    -> String
  {
    let root = folder.file("DvsGesture")
    try folder.write(Array("user01_led.aedat\n".utf8), to: "DvsGesture/trials_to_train.txt")
    try folder.write([], to: "DvsGesture/trials_to_test.txt")
    try AEDAT3Writer().write(events(20_000, order), to: root + "/user01_led.aedat")
    try folder.write(Array(labels.utf8), to: "DvsGesture/user01_led_labels.csv")
    return root
  }

  @Test(arguments: slicings, Order.allCases)
  func disjointWindowsAreCutAlike(_ slicing: Slicing, _ order: Order) async throws {
    let folder = try TemporaryFolder()
    try await expectEqual(dataset(order, Self.disjoint, in: folder), slicing, in: folder)
  }

  @Test(arguments: slicings, [Order.sorted, .shuffled])
  func overlappingWindowsAreCutAlike(_ slicing: Slicing, _ order: Order) async throws {
    let folder = try TemporaryFolder()
    try await expectEqual(dataset(order, Self.overlapping, in: folder), slicing, in: folder)
  }

  @Test(arguments: Order.allCases)
  func samplesThatAreCutAnewCountOnce(_ order: Order) async throws {
    let folder = try TemporaryFolder()
    let root = try dataset(order, Self.disjoint, in: folder)
    let pipeline = FramingPipeline(
      try RecordingCatalog.open([root]),
      FramingRecipe(slicing: .equalCount(frames: 4), geometry: Self.geometry)
    )
    let cache = folder.file("a.h5")
    let counts = Mutex<[Int]>([])
    _ = try await pipeline.run(to: cache) { progress in
      counts.withLock { $0.append(progress.samples) }
    }
    #expect(counts.withLock { $0 } == [1, 2, 3, 4, 5])

    let comparison = ComparisonSink(try FrameCache(cache))
    _ = try await pipeline.run(to: comparison)
    #expect(comparison.differences == [])

    let tree = folder.file("tree")
    let report = try await pipeline.run(to: SpikingJellySink(tree, writesEvents: true))
    #expect(report.samples == 5 && report.frames == 20)
    let events = try FileManager.default.subpathsOfDirectory(atPath: tree + "/events_np")
    #expect(events.count { $0.hasSuffix(".npz") } == 5)
  }

  @Test func aStrayEventIsNamedByItsIndex() async throws {
    let folder = try TemporaryFolder()
    var recording = events(3000, .sorted)
    recording.append(t: 1 << 20, x: 4000, y: 3, p: .on)
    let path = folder.file("a.npz")
    try NPZWriter.write(recording, to: path)
    var options = PipelineOptions()
    options.heldEvents = 500
    let pipeline = FramingPipeline(
      try RecordingCatalog.open([path]),
      FramingRecipe(slicing: .equalCount(frames: 2), geometry: Self.geometry),
      options: options
    )
    let error = await #expect(throws: UnfinishedConversion.self) {
      try await pipeline.run(to: folder.file("a.h5"))
    }
    #expect(error?.description.hasPrefix("\(path): event 3000: x = 4000 is outside") == true)
  }
}
