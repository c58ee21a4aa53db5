import EventIO
import Testing
import _TestSupport

/// What every format must keep to, on a small recording of its own.
@Suite("Format conformance")
struct FormatConformanceTests {
  @Test func everyFormatHasASample() {
    for format in RecordingFormats.all {
      #expect(SampleRecording.all.contains { $0.name.hasPrefix(format.name) }, "\(format.name)")
    }
  }

  @Test(arguments: SampleRecording.all)
  func contentAloneTellsTheFormat(_ sample: SampleRecording) throws {
    let reader = try Recording.open(
      bytes: sample.bytes(),
      name: "no-ending",
      options: sample.readOptions
    )
    #expect(reader.header.format == sample.title)
    #expect(reader.header.geometry == SensorGeometry(width: sample.width, height: sample.height))
  }

  @Test(arguments: SampleRecording.all)
  func readingGivesWhatIsExpected(_ sample: SampleRecording) throws {
    let (events, report) = try read(sample.path, sample.readOptions)
    #expect(events.count == sample.events)
    #expect(Self.event(events, 0) == sample.first)
    #expect(Self.event(events, events.count - 1) == sample.last)
    #expect(ColumnDigests(events) == sample.digests)
    #expect(report.events == sample.events)
    #expect(report.strayEvents == 0)
    #expect(report.skippedRecords == sample.skippedRecords)
    #expect(report.invalidEvents == sample.invalidEvents)
    #expect(report.slackEntries == sample.slackEntries)
    #expect(report.backwardSteps == sample.backwardSteps)
  }

  @Test(arguments: SampleRecording.all, [1, 7, 100, 4096])
  func chunkSizeChangesNothing(_ sample: SampleRecording, _ chunkBytes: Int) throws {
    let expected = try read(sample.path, sample.readOptions)
    var options = sample.readOptions
    options.chunkBytes = chunkBytes
    let result = try read(sample.path, options)
    #expect(result.events == expected.events)
    #expect(result.report == expected.report)
  }

  @Test(arguments: SampleRecording.all)
  func sourcesThatKnowNoSizeGiveTheSameEvents(_ sample: SampleRecording) throws {
    let bytes = try sample.bytes()
    var position = 0
    let source = ByteSource(name: "pipe") { buffer in
      let part = bytes[position...].prefix(min(buffer.count, 13))
      buffer.copyBytes(from: part)
      position += part.count
      return part.count
    }
    var reader = try Recording.open(source, options: sample.readOptions)
    #expect(try ColumnDigests(reader.readAll()) == sample.digests)
  }

  @Test(arguments: SampleRecording.all)
  func everyTruncationDecodesOrThrows(_ sample: SampleRecording) throws {
    let bytes = try sample.bytes()
    for length in 0..<bytes.count {
      let events = try Self.decodedOrRefused(Array(bytes[..<length]), sample)
      let most = sample.events + sample.slackEntries + sample.invalidEvents
      #expect(events <= most, "cut at \(length)")
    }
  }

  @Test(arguments: SampleRecording.all)
  func everyFlippedByteDecodesOrThrows(_ sample: SampleRecording) throws {
    var bytes = try sample.bytes()
    for index in bytes.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        bytes[index] ^= mask
        let events = try Self.decodedOrRefused(bytes, sample)
        #expect(events <= bytes.count, "byte \(index) xor \(mask)")
        bytes[index] ^= mask
      }
    }
  }

  @Test(arguments: SampleRecording.all)
  func randomDamageDecodesOrThrows(_ sample: SampleRecording) throws {
    let clean = try sample.bytes()
    var random = SplitMix64(seed: 2)
    for _ in 0..<2_000 {
      var bytes = clean
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: index)
        default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
        }
      }
      _ = try Self.decodedOrRefused(bytes, sample)
    }
  }

  @Test(arguments: SampleRecording.all)
  func writtenEventsReadBackEqual(_ sample: SampleRecording) throws {
    let events = try read(sample.path, sample.readOptions).events
    for writer in sample.writers {
      var reader = try Recording.open(
        bytes: writer.recording(of: events),
        name: sample.file,
        options: sample.readOptions
      )
      #expect(reader.header.format == sample.title)
      #expect(try reader.readAll() == events)
    }
    var reader = try Recording.open(
      bytes: NPZWriter.archive(of: NPZWriter.arrays(of: events)),
      name: "events.npz",
      options: ReadOptions(geometry: SensorGeometry(width: sample.width, height: sample.height))
    )
    #expect(try reader.readAll() == events)
  }

  private static func event(_ events: EventBuffer, _ index: Int) -> [Int64] {
    [
      events.t[index], Int64(events.x[index]), Int64(events.y[index]),
      Int64(events.p[index].rawValue),
    ]
  }

  /// Reads bytes to the end under every policy; returns the largest number of events.
  ///
  /// Errors must say the path, and where the trouble is unless the content was not recognised.
  private static func decodedOrRefused(
    _ bytes: [UInt8],
    _ sample: SampleRecording
  ) throws -> Int {
    var most = 0
    for policy in AEDAT31Policy.allCases {
      var options = sample.readOptions
      options.aedat31 = policy
      options.strayEvents = policy == .strict ? .reject : .drop
      options.chunkBytes = 512
      do throws(RecordingError) {
        var reader = try Recording.open(bytes: bytes, name: sample.file, options: options)
        var chunk = EventBuffer()
        while try reader.read(into: &chunk) {
          let geometry = reader.header.geometry
          let isInside = zip(chunk.x, chunk.y).allSatisfy { geometry.contains(x: $0, y: $1) }
          #expect(isInside)
        }
        most = max(most, reader.report.events)
      } catch {
        #expect(error.path == sample.file)
        let hasPlace = error.byteOffset != nil || error.eventIndex != nil
        let isAboutPart = error.kind == .unsupported || error.reason.contains("array ")
        #expect(hasPlace || isAboutPart || error.kind == .unknownFormat, "\(error)")
      }
    }
    return most
  }
}
