import EventIO
import Testing
import _TestSupport

@Suite("Stray events")
struct StrayEventsTests {
  /// Events 1 and 3 of 5 lie outside 34 × 34.
  private static let events = EventBuffer(
    t: [1, 2, 3, 4, 5],
    x: [0, 34, 33, 5, 6],
    y: [0, 0, 33, 40, 7],
    p: [.on, .off, .on, .off, .on]
  )

  private func reader(
    _ policy: StrayEventPolicy,
    geometry: SensorGeometry? = nil,
    chunkBytes: Int = 7
  ) throws -> any EventReader {
    let options = ReadOptions(geometry: geometry, strayEvents: policy, chunkBytes: chunkBytes)
    let bytes = try ATISWriter().recording(of: Self.events)
    return try Recording.open(bytes: bytes, name: "a/b.bin", options: options)
  }

  @Test func rejectedStrayNamesEventPlaceAndRemedy() throws {
    var reader = try reader(.reject)
    let error = #expect(throws: RecordingError.self) { _ = try reader.readAll() }
    #expect(error?.kind == .outOfRange)
    #expect(error?.eventIndex == 1)
    #expect(
      error?.description
        == "a/b.bin: event 1: x = 34 is outside the 34x34 sensor; "
        + "pass --geometry or --camera if the camera differs"
    )
  }

  @Test func rejectedRowIsNamedAsY() throws {
    let column = SensorGeometry(width: 35, height: 34)
    var reader = try reader(.reject, geometry: column)
    let error = #expect(throws: RecordingError.self) { _ = try reader.readAll() }
    #expect(error?.eventIndex == 3)
    #expect(error?.reason.hasPrefix("y = 40 ") == true)
  }

  @Test func readerIsAtItsEndAfterAnError() throws {
    var reader = try reader(.reject)
    _ = try? reader.readAll()
    var events = Self.events
    let hasMore = try reader.read(into: &events)
    #expect(!hasMore)
    #expect(events.isEmpty)
  }

  @Test(arguments: [1, 7, 1 << 20])
  func droppedStraysAreCounted(_ chunkBytes: Int) throws {
    var reader = try reader(.drop, chunkBytes: chunkBytes)
    let events = try reader.readAll()
    #expect(events.t == [1, 3, 5])
    #expect(events.x == [0, 33, 6])
    #expect(events.y == [0, 33, 7])
    #expect(events.p == [.on, .on, .on])
    #expect(reader.report.strayEvents == 2)
    #expect(reader.report.events == 3)
  }

  @Test func keptStraysAreCounted() throws {
    var reader = try reader(.keep)
    #expect(try reader.readAll() == Self.events)
    #expect(reader.report.strayEvents == 2)
    #expect(reader.report.events == 5)
  }

  @Test func mirroredCoordinateBeyondTheSensorIsShownBelowZero() throws {
    let layout = AddressLayout(
      name: "test",
      chipNames: [],
      geometry: SensorGeometry(width: 100, height: 100),
      x: .init(shift: 1, bits: 7, isMirrored: true),
      y: .init(shift: 8, bits: 7),
      polarityBit: 0,
      onValue: 1,
      source: "test"
    )
    var bytes = AEDAT2Writer(layout: .dvs128).header()
    bytes += [0, 0, 5, 120 << 1, 0, 0, 0, 1]
    var reader = try Recording.open(
      bytes: bytes,
      name: "m.aedat",
      options: ReadOptions(camera: layout)
    )
    let error = #expect(throws: RecordingError.self) { _ = try reader.readAll() }
    #expect(error?.reason.hasPrefix("x = -21 is outside the 100x100 sensor") == true)
  }

  @Test func backwardStepsCountAcrossChunks() throws {
    let events = EventBuffer(
      t: [5, 3, 3, 9, 8, 7],
      x: [1, 1, 1, 1, 1, 1],
      y: [1, 1, 1, 1, 1, 1],
      p: [.on, .on, .on, .on, .on, .on]
    )
    for chunkBytes in [1, 5, 10, 1000] {
      var reader = try Recording.open(
        bytes: ATISWriter().recording(of: events),
        name: "b.bin",
        options: ReadOptions(format: "atis", chunkBytes: chunkBytes)
      )
      _ = try reader.readAll()
      #expect(reader.report.backwardSteps == 3)
      #expect(reader.report.backwardSteps == events.backwardSteps)
    }
  }
}
