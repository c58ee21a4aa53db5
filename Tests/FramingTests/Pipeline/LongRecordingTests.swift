import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Recordings that are read several times instead of being held give the same samples.
@Suite struct LongRecordingTests {
  private static let geometry = SensorGeometry(width: 128, height: 128)

  static let slicings: [Slicing] = [
    .equalCount(frames: 7), .equalCount(frames: 1), .equalDuration(frames: 5),
    .equalDuration(frames: 60), .eventsPerFrame(999), .microsecondsPerFrame(700, rule: .firstEvent),
    .microsecondsPerFrame(700, rule: .grid),
  ]

  private func events(_ count: Int, isSorted: Bool, seed: UInt64 = 3) -> EventBuffer {
    var generator = SplitMix64(seed: seed)
    var events = EventBuffer()
    var time: Int64 = 5000
    for index in 0..<count {
      // A gap leaves slices of equal duration empty.
      time += index == count / 2 ? 9000 : Int64.random(in: 0...2, using: &generator)
      events.append(
        t: isSorted ? time : time - Int64.random(in: 0...40, using: &generator),
        x: .random(in: 0..<128, using: &generator),
        y: .random(in: 0..<128, using: &generator),
        p: Bool.random(using: &generator) ? .on : .off
      )
    }
    return events
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

  @Test(arguments: slicings, [true, false])
  func aRecordingIsCutAlike(_ slicing: Slicing, _ isSorted: Bool) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.aedat")
    try AEDAT3Writer().write(events(20_000, isSorted: isSorted), to: path)
    try await expectEqual(path, slicing, in: folder)
  }

  @Test(arguments: slicings, [true, false])
  func windowsOfARecordingAreCutAlike(_ slicing: Slicing, _ isSorted: Bool) async throws {
    let folder = try TemporaryFolder()
    let root = folder.file("DvsGesture")
    try folder.write(Array("user01_led.aedat\n".utf8), to: "DvsGesture/trials_to_train.txt")
    try folder.write([], to: "DvsGesture/trials_to_test.txt")
    try AEDAT3Writer().write(events(20_000, isSorted: isSorted), to: root + "/user01_led.aedat")
    // Short and long windows; two overlap, and one is empty.
    let labels = """
      class,startTime_usec,endTime_usec
      1,5000,5100
      2,5050,13000
      3,13000,13300
      4,13200,40000
      5,90000,90001
      """
    try folder.write(Array(labels.utf8), to: "DvsGesture/user01_led_labels.csv")
    try await expectEqual(root, slicing, in: folder)
  }

  @Test func aStrayEventIsNamedByItsIndex() async throws {
    let folder = try TemporaryFolder()
    var recording = events(3000, isSorted: true)
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
