import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Conversions that end early, and what the next one makes of their work.
@Suite struct ResumeTests {
  private let folder: TemporaryFolder
  private let output: String

  init() throws {
    folder = try TemporaryFolder()
    output = folder.file("a.h5")
    for index in 0..<12 {
      var events = EventBuffer()
      for event in 0..<400 {
        events.append(
          t: Int64(10 * event),
          x: UInt16((event * (index + 3)) % 32),
          y: UInt16(event % 32),
          p: event % 3 == 0 ? .on : .off
        )
      }
      try folder.write([], to: "set/\(index % 2)/x")
      try FileManager.default.removeItem(atPath: folder.file("set/\(index % 2)/x"))
      try NPZWriter.write(events, to: folder.file("set/\(index % 2)/\(index).npz"))
    }
  }

  private func pipeline(frames: Int = 4, overwrites: Bool = false) throws -> FramingPipeline {
    FramingPipeline(
      try RecordingCatalog.open([folder.file("set")]),
      FramingRecipe(
        slicing: .equalCount(frames: frames),
        geometry: SensorGeometry(width: 32, height: 32)
      ),
      isGeometryForced: true,
      options: PipelineOptions(overwrites: overwrites, splits: [.sj90])
    )
  }

  /// Converts until some samples are finished, and returns the journal.
  private func interrupt(after samples: Int) async throws -> [UInt8] {
    let pipeline = try pipeline()
    let task = Task { [output] in
      try await pipeline.run(to: output) { progress in
        if progress.samples == samples { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: UnfinishedConversion.self) { _ = try await task.value }
    return Array(try Data(contentsOf: URL(fileURLWithPath: output + ".journal")))
  }

  /// The bytes of an undisturbed conversion.
  private func undisturbed() async throws -> Data {
    _ = try await pipeline().run(to: output)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: output))
    try FileManager.default.removeItem(atPath: output)
    return bytes
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func refusal(
    _ pipeline: FramingPipeline,
    _ location: SourceLocation = #_sourceLocation
  ) async -> FramingError? {
    await #expect(throws: FramingError.self, sourceLocation: location) {
      _ = try await pipeline.run(to: output)
    }
  }

  @Test func workThatWasCutAnywhereIsCompleted() async throws {
    let expected = try await undisturbed()
    let journal = try await interrupt(after: 9)
    var kept: Set<Int> = []
    for length in stride(from: 0, through: journal.count, by: max(1, journal.count / 60)) {
      try folder.write(Array(journal.prefix(length)), to: "a.h5.journal")
      kept.insert(try await pipeline().run(to: output).keptSamples)
      #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == expected, "\(length) bytes")
      #expect(try names() == ["a.h5", "set"])
      try FileManager.default.removeItem(atPath: output)
    }
    #expect(kept.contains(0) && kept.contains(8) && kept.count > 5)
  }

  @Test func damagedWorkIsRedone() async throws {
    let expected = try await undisturbed()
    let journal = try await interrupt(after: 9)
    var generator = SplitMix64(seed: 5)
    // The first record says whose work it is; damage to it is the other test's business.
    for _ in 0..<60 {
      var damaged = journal
      let place = Int.random(in: 1200..<journal.count, using: &generator)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try folder.write(damaged, to: "a.h5.journal")
      let report = try await pipeline().run(to: output)
      #expect(report.keptSamples < 9)
      #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == expected, "byte \(place)")
      try FileManager.default.removeItem(atPath: output)
    }
  }

  @Test func workOfAnotherConversionIsNotUsed() async throws {
    _ = try await interrupt(after: 5)
    let error = await refusal(try pipeline(frames: 8))
    #expect(error?.kind == .usage && error?.path == output + ".journal")
    #expect(error?.reason.contains("frames_number is 4, expected 8") == true)
    #expect(error?.reason.contains("--overwrite") == true)
    #expect(try names() == ["a.h5.journal", "set"])
    let report = try await pipeline(frames: 8, overwrites: true).run(to: output)
    #expect(report.keptSamples == 0 && report.frames == 96)
  }

  @Test func workOnARecordingThatChangedIsNotUsed() async throws {
    _ = try await interrupt(after: 5)
    let changed = folder.file("set/0/0.npz")
    var events = EventBuffer()
    events.append(t: 1, x: 2, y: 3, p: .on)
    try NPZWriter.write(events, to: changed)
    let error = await refusal(try pipeline())
    #expect(error?.reason.contains(changed) == true && error?.reason.contains("changed") == true)
    let report = try await pipeline(overwrites: true).run(to: output)
    #expect(report.keptSamples == 0 && report.samples == 12)
  }

  @Test func aCopyOfTheRecordingsServesAsWell() async throws {
    _ = try await interrupt(after: 5)
    let file = folder.file("set/0/0.npz")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    try FileManager.default.removeItem(atPath: file)
    try bytes.write(to: URL(fileURLWithPath: file))
    #expect(try await pipeline().run(to: output).keptSamples == 5)
  }

  @Test func twoProcessesDoNotWriteTheSameOutput() async throws {
    let journal = try folder.write([], to: "a.h5.journal")
    let descriptor = open(journal, O_RDWR)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let error = await refusal(try pipeline())
    #expect(error?.kind == .output && error?.reason.contains("another process") == true)
    #expect(try names() == ["a.h5.journal", "set"])
  }

  @Test func anOutputThatIsCompleteIsConfirmedAndOneThatDiffersIsNamed() async throws {
    _ = try await pipeline().run(to: output)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: output))
    #expect(try await pipeline().run(to: output).keptSamples == 12)
    let recipe = await refusal(try pipeline(frames: 3))
    #expect(recipe?.reason.contains("frames_number is 4, expected 3") == true)
    var events = EventBuffer()
    events.append(t: 1, x: 2, y: 3, p: .on)
    try NPZWriter.write(events, to: folder.file("set/1/1.npz"))
    let source = await refusal(try pipeline())
    #expect(source?.reason.contains("have changed since") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == bytes)
    #expect(try names() == ["a.h5", "set"])
  }

  @Test func aFileThatIsNoJournalIsLeftAlone() async throws {
    try folder.write(Array("my notes".utf8), to: "a.h5.journal")
    let error = await refusal(try pipeline(overwrites: true))
    #expect(error?.reason.contains("not a journal") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: output + ".journal")).count == 8)
  }
}
