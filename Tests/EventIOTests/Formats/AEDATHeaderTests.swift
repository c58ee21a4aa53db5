import EventIO
import Testing
import _TestSupport

/// Where the text ends and the events begin.
@Suite("AEDAT text header")
struct AEDATHeaderTests {
  private static func read(
    _ bytes: [UInt8],
    _ options: ReadOptions = ReadOptions()
  ) throws -> (events: EventBuffer, header: RecordingHeader, warnings: [String]) {
    var reader = try Recording.open(bytes: bytes, name: "h.aedat", options: options)
    let events = try reader.readAll()
    return (events, reader.header, reader.report.warnings)
  }

  private static func file(_ text: String, _ words: [UInt32]) -> [UInt8] {
    var builder = ByteBuilder()
    builder.text(text)
    for word in words { builder.big(word) }
    return builder.bytes
  }

  @Test(arguments: ["\n", "\r\n"])
  func bothLineEndingsAreRead(_ end: String) throws {
    let lines = ["#!AER-DAT2.0", "# AEChip: a.b.DVS128", "# created Monday", ""]
    let bytes = Self.file(lines.joined(separator: end), [0x0102, 7])
    let result = try Self.read(bytes)
    #expect(result.events.t == [7])
    #expect(result.header.camera == "a.b.DVS128")
    #expect(result.header.startTime == "Monday")
    #expect(result.header.maximumEvents == 1)
    #expect(result.header.geometrySource == .camera)
    #expect(result.warnings.isEmpty)
  }

  @Test func fileWithoutCameraIsAssumedToBeDVS128AndSaysSo() throws {
    let result = try Self.read(Self.file("#!AER-DAT2.0\r\n", [0x0102, 7]))
    #expect(result.header.geometrySource == .formatDefault)
    #expect(result.warnings == ["the file names no camera; assumed dvs128"])
    #expect(result.events.x == [126])
    #expect(result.events.y == [1])
    #expect(result.events.p == [.on])
  }

  @Test func addressThatDoesNotFitTheAssumedCameraIsAnError() throws {
    let bytes = Self.file("#!AER-DAT2.0\r\n", [0x0102, 7, 0x1_0000, 8])
    let error = #expect(throws: RecordingError.self) { _ = try Self.read(bytes) }
    #expect(error?.kind == .outOfRange)
    #expect(error?.eventIndex == 1)
    #expect(error?.reason.contains("--camera") == true)
    // Told to be CIFAR10-DVS, its high bits are ignored, as in SpikingJelly.
    #expect(try Self.read(bytes, ReadOptions(camera: .cifar10DVS)).events.count == 2)
  }

  @Test func unknownCameraIsUnsupportedUnlessTold() throws {
    let bytes = Self.file("#!AER-DAT2.0\r\n# AEChip: x.y.Nonesuch9\r\n", [0x0102, 7])
    let error = #expect(throws: RecordingError.self) { _ = try Self.read(bytes) }
    #expect(error?.kind == .unsupported)
    #expect(error?.reason.contains("dvs128, cifar10-dvs, davis240, davis346") == true)
    #expect(try Self.read(bytes, ReadOptions(camera: .dvs128)).events.count == 1)
  }

  /// A DAVIS event whose first byte is `#`: the line feed inside is no end of a line.
  private static let recordLikeText: [UInt32] = [0x23C0_5800, 0x0000_0A01]

  @Test func recordThatStartsLikeTextIsAnEventBehindAnEndMark() throws {
    let text = "#!AER-DAT2.0\r\n# AEChip: DAVIS240C\r\n#End Of ASCII Header\r\n"
    let result = try Self.read(Self.file(text, Self.recordLikeText))
    #expect(result.events == EventBuffer(t: [0x0A01], x: [5], y: [143], p: [.on]))
  }

  @Test func recordThatStartsLikeTextIsToldByItsSize() throws {
    let text = "#!AER-DAT2.0\r\n# AEChip: DAVIS240C\r\n"
    let result = try Self.read(Self.file(text, Self.recordLikeText + [0x0000_0800, 9]))
    #expect(result.events.t == [0x0A01, 9])
  }

  @Test func recordThatStartsLikeTextIsAnEventWhereTheSizeCannotTell() {
    let text = "#!AER-DAT2.0\r\n# AEChip: DAVIS240C\r\n"
    let bytes = Self.file(text, Self.recordLikeText + [0x0000_0800])
    let error = #expect(throws: RecordingError.self) { _ = try Self.read(bytes) }
    #expect(error?.byteOffset == text.utf8.count + 8)
  }

  @Test func commentWithControlCharactersIsToldByTheSize() throws {
    let text = "#!AER-DAT2.0\r\n# AEChip: DVS128\r\n# a\u{1}bc\u{7F}\r\n"
    #expect(try Self.read(Self.file(text, [0x0102, 7])).events.t == [7])
  }

  @Test func headerCutInsideALineIsDamaged() {
    let bytes = Self.file("#!AER-DAT2.0\r\n# AEChip: DV", [])
    let error = #expect(throws: RecordingError.self) { _ = try Self.read(bytes) }
    #expect(error?.kind == .corrupt)
    #expect(error?.byteOffset == 14)
  }

  @Test func endlessHeaderIsRefusedWithoutReadingItAll() {
    let start = Array("#!AER-DAT2.0\r\n# ".utf8)
    var delivered = 0
    let source = ByteSource(name: "endless.aedat") { buffer in
      for index in buffer.indices {
        buffer[index] = delivered < start.count ? start[delivered] : UInt8(ascii: "a")
        delivered += 1
      }
      return buffer.count
    }
    let error = #expect(throws: RecordingError.self) { _ = try Recording.open(source) }
    #expect(error?.kind == .corrupt)
    #expect(delivered < 64 << 20)
  }

  @Test func partialRecordIsDamaged() {
    let bytes = Self.file("#!AER-DAT2.0\r\n", [0x0102, 7, 0x0103])
    let error = #expect(throws: RecordingError.self) { _ = try Self.read(bytes) }
    #expect(error?.kind == .corrupt)
    #expect(error?.byteOffset == 14 + 8)
    #expect(error?.reason.contains("4 bytes into a record of 8") == true)
  }

  @Test(arguments: ["3.0", "3.2"])
  func otherVersionsOf3AreUnsupported(_ version: String) {
    let bytes = Self.file("#!AER-DAT\(version)\r\n#!END-HEADER\r\n", [])
    let error = #expect(throws: RecordingError.self) { _ = try Self.read(bytes) }
    #expect(error?.kind == .unsupported)
  }

  @Test func packedPacketsAreUnsupported() {
    let bytes = Self.file("#!AER-DAT3.1\r\n#Format: PNGFrames\r\n#!END-HEADER\r\n", [])
    let error = #expect(throws: RecordingError.self) { _ = try Self.read(bytes) }
    #expect(error?.kind == .unsupported)
    #expect(error?.reason.contains("PNGFrames") == true)
  }

  @Test func sourceOfAEDAT3TellsTheSensor() throws {
    for (source, size) in [("DVS128", 128), ("DAVIS240C", 240), ("DAVIS346B", 346)] {
      let bytes = AEDAT3Writer(camera: source).header()
      let reader = try Recording.open(bytes: bytes, name: "s.aedat")
      #expect(reader.header.geometry.width == size)
      #expect(reader.header.geometrySource == .camera)
      #expect(reader.header.camera == source)
      #expect(reader.header.rowOrigin == .top)
    }
    let unknown = try Recording.open(bytes: AEDAT3Writer(camera: "X").header(), name: "s.aedat")
    #expect(unknown.header.geometry.width == 128)
    #expect(unknown.header.geometrySource == .formatDefault)
    #expect(unknown.report.warnings.count == 1)
  }
}
