import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Slices and frames equal SpikingJelly's, bit by bit.
@Suite("Golden frames", .enabled(if: SharedData.isPresent, "\(SharedData.absent)"))
struct GoldenFramesTests {
  @Test(arguments: GoldenCase.all("golden.json"))
  func equalsSpikingJelly(_ golden: GoldenCase) throws {
    try check(golden, rule: .firstEvent, suffix: "")
  }

  @Test(arguments: GoldenCase.all("golden.v200.json"))
  func equalsSpikingJelly2(_ golden: GoldenCase) throws {
    try check(golden, rule: .grid, suffix: ".v200")
  }

  @Test func everyExcludedCaseExists() throws {
    let data = try SharedData.data("golden/io/notes.json")
    let notes = try JSONDecoder().decode([String: String].self, from: data)
    for name in GoldenCase.excluded.keys { #expect(notes[name] != nil, "\(name)") }
    #expect(GoldenCase.all("golden.json").count >= 50)
  }

  private func check(_ golden: GoldenCase, rule: DurationRule, suffix: String) throws {
    let path = SharedData.path("golden/io/\(golden.file)")
    var reader = try Recording.open(path, options: golden.options)
    let events = try reader.readAll()
    try #require(events.count == golden.events?.n.t)
    for (name, expected) in try #require(golden.frames) {
      // The other cuts are the same in both versions.
      if rule == .grid && !name.hasPrefix("duration") { continue }
      let slicing = try #require(slicingOf(name, rule: rule))
      if expected.error != nil {
        checkWhereTheReferenceFails(events, slicing, reader.header.timestampType, name)
        continue
      }
      guard let shape = expected.shape else { continue }  // skipped there: too many frames
      let slices = try SliceIndex(
        events,
        slicing: slicing,
        timestampType: reader.header.timestampType
      )
      if let segments = expected.segments {
        #expect(slices.ranges.map(\.lowerBound) == segments[0], "\(name)")
        #expect(slices.ranges.map(\.upperBound) == segments[1], "\(name)")
      }
      #expect(slices.ranges.map(\.count) == expected.per_frame_sum, "\(name)")
      let stack = try FrameIntegrator(geometry: reader.header.geometry).integrate(events, slices)
      #expect(shape == [stack.frameCount, 2, stack.geometry.height, stack.geometry.width])
      let file = name.hasPrefix("duration") ? "\(name)\(suffix)" : name
      try compare(stack, with: "golden/io/expected/\(golden.description).\(file).npz", expected)
    }
  }

  /// Compares with the frames that SpikingJelly wrote, or with their digests.
  private func compare(
    _ stack: FrameStack,
    with file: String,
    _ expected: GoldenFrames
  ) throws {
    let isWritten = FileManager.default.fileExists(atPath: SharedData.path(file))
    if isWritten {
      let frames = try NPZArchive(path: SharedData.path(file)).array("frames")
      #expect(frames.type.description == "<f8" && frames.shape == expected.shape)
      #expect(equals(frames.bytes, stack.counts), "\(file)")
    }
    guard stack.frameCount <= 4 || !isWritten else { return }  // digests take most of the time
    let digests = digests(stack)
    #expect(digests.u32 == expected.sha256_u32le, "\(file)")
    #expect(digests.f32 == expected.sha256_f32le, "\(file)")
  }

  /// Says whether bytes are the same numbers as little-endian 64-bit floats.
  private func equals(_ bytes: [UInt8], _ counts: [Int32]) -> Bool {
    guard bytes.count == 8 * counts.count else { return false }
    return bytes.withUnsafeBytes { floats in
      counts.indices.allSatisfy { index in
        let word = floats.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: word)) == Double(counts[index])
      }
    }
  }

  /// An empty slice with a warning, or an error; never an event in a wrong frame.
  private func checkWhereTheReferenceFails(
    _ events: EventBuffer,
    _ slicing: Slicing,
    _ type: TimestampType,
    _ name: String
  ) {
    do {
      let slices = try SliceIndex(events, slicing: slicing, timestampType: type)
      switch slicing {
      case .equalDuration:
        #expect(slices.ranges.contains { $0.isEmpty }, "\(name)")
        #expect(!slices.warnings.isEmpty, "\(name)")
      default:
        #expect(slices.ranges == [0..<events.count], "\(name)")
        if let first = events.t.first { #expect(events.t.allSatisfy { $0 == first }) }
      }
    } catch {
      #expect(error.kind == .unordered, "\(name)")
    }
  }
}
