import EventIO
import Foundation
import Testing
import _TestSupport

@Suite("Writers")
struct WriterTests {
  private static func event(_ t: Int64, _ x: UInt16, _ y: UInt16) -> EventBuffer {
    EventBuffer(t: [0, t], x: [0, x], y: [0, y], p: [.on, .on])
  }

  private static func refusal(_ writer: any EventWriter, _ events: EventBuffer) -> RecordingError? {
    do throws(RecordingError) {
      _ = try writer.recording(of: events)
      return nil
    } catch {
      return error
    }
  }

  @Test func eventsThatDoNotFitAreNamed() {
    let cases: [(any EventWriter, EventBuffer)] = [
      (AEDAT3Writer(), Self.event(-1, 0, 0)), (AEDAT3Writer(), Self.event(1 << 62, 0, 0)),
      (AEDAT3Writer(), Self.event(0, 1 << 15, 0)), (AEDAT3Writer(), Self.event(0, 0, 1 << 15)),
      (AEDAT2Writer(), Self.event(-1, 0, 0)), (AEDAT2Writer(), Self.event(1 << 32, 0, 0)),
      (AEDAT2Writer(), Self.event(0, 128, 0)), (AEDAT2Writer(), Self.event(0, 0, 128)),
      (AEDAT2Writer(layout: .davis240), Self.event(0, 240, 0)),
      (ATISWriter(), Self.event(1 << 23, 0, 0)), (ATISWriter(), Self.event(0, 256, 0)),
      (ATISWriter(), Self.event(0, 0, 256)), (ATISWriter(), Self.event(-1, 0, 0)),
    ]
    for (index, (writer, events)) in cases.enumerated() {
      let error = Self.refusal(writer, events)
      #expect(error?.kind == .outOfRange, "case \(index)")
      #expect(error?.eventIndex == 1, "case \(index)")
    }
  }

  @Test func extremesThatFitReadBackEqual() throws {
    let all = SensorGeometry(width: 65536, height: 65536)
    let cases: [(any EventWriter, EventBuffer, ReadOptions)] = [
      (AEDAT3Writer(), Self.event((1 << 62) - 1, 32767, 32767), ReadOptions(geometry: all)),
      (AEDAT2Writer(), Self.event((1 << 32) - 1, 127, 127), ReadOptions()),
      (AEDAT2Writer(layout: .davis346), Self.event((1 << 32) - 1, 345, 259), ReadOptions()),
      (
        AEDAT2Writer(layout: .cifar10DVS), Self.event(5, 127, 3), ReadOptions(camera: .cifar10DVS)
      ),
      (
        ATISWriter(), Self.event((1 << 23) - 1, 255, 255),
        ReadOptions(geometry: all, format: "atis")
      ),
    ]
    for (writer, events, options) in cases {
      var reader = try Recording.open(
        bytes: writer.recording(of: events),
        name: "w",
        options: options
      )
      #expect(try reader.readAll() == events)
    }
  }

  @Test func unorderedTimesAndOverflowsReadBackEqual() throws {
    let t: [Int64] = [(1 << 31) - 1, 1 << 31, 5, 1 << 33, (1 << 33) + 7, 0]
    let events = EventBuffer(
      t: t,
      x: t.indices.map { UInt16($0) },
      y: t.map { _ in 1 },
      p: t.map { _ in .off }
    )
    var reader = try Recording.open(
      bytes: AEDAT3Writer().recording(of: events),
      name: "o.aedat"
    )
    #expect(try reader.readAll() == events)
    #expect(reader.report.backwardSteps == 2)
  }

  @Test func eventIndexCountsOverAllCalls() {
    var writer = ATISWriter()
    _ = try? writer.encode(Self.event(0, 0, 0))
    let error = #expect(throws: RecordingError.self) {
      _ = try writer.encode(Self.event(0, 999, 0))
    }
    #expect(error?.eventIndex == 3)
  }

  @Test func dvsGestureHeaderIsThatOfTheRealRecordings() {
    let writer = AEDAT3Writer(startTime: "2016-06-30 10:05:46 (TZ-0700)")
    #expect(
      String(decoding: writer.header(), as: UTF8.self)
        == "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n"
        + "#Start-Time: 2016-06-30 10:05:46 (TZ-0700)\r\n#!END-HEADER\r\n"
    )
  }

  @Test func fileAppearsOnlyWhenItIsComplete() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.bin")
    #expect(throws: RecordingError.self) { try ATISWriter().write(Self.event(0, 999, 0), to: path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let writer = try NPZWriter(path: folder.file("b.npz"))
    try writer.add("a", NPYArray([1], shape: [1]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["b.npz.partial"])
    try writer.finish()
    try ATISWriter().write(Self.event(9, 3, 4), to: path)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["a.bin", "b.npz"]
    )
    #expect(try read(path).events == Self.event(9, 3, 4))
  }

  @Test func abandonedFileIsRemoved() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try NPZWriter(path: folder.file("c.npz"))
      try writer.add("a", NPYArray([1], shape: [1]))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func folderThatDoesNotExistIsAnOutputError() throws {
    let error = #expect(throws: RecordingError.self) {
      try ATISWriter().write(Self.event(0, 1, 1), to: "/nonexistent/folder/a.bin")
    }
    #expect(error?.kind == .inputOutput)
    #expect(error?.path == "/nonexistent/folder/a.bin")
  }
}
