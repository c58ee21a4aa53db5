import EventIO
import Testing
import _TestSupport

/// The decoded columns equal those of SpikingJelly 0.0.0.0.14, file by file.
@Suite("Golden events", .enabled(if: SharedData.isPresent, "\(SharedData.absent)"))
struct GoldenEventsTests {
  private static let keep = ReadOptions(strayEvents: .keep)
  private static let cifar = ReadOptions(camera: .cifar10DVS)

  @Test(arguments: GoldenCase.all("aedat31"))
  func aedat31EqualsTheReference(_ golden: GoldenCase) throws {
    guard let expected = golden.events, golden.name != "empty_file",
      golden.name != "trunc_boundary"
    else {
      #expect(failure(golden.path)?.kind == .corrupt || Self.lenient.contains(golden.name))
      return
    }
    var options = Self.keep
    options.aedat31 = .spikingJelly
    let result = try read(golden.path, options)
    #expect(result.events.count == expected.n.t)
    #expect(ColumnDigests(result.events) == ColumnDigests(expected))
  }

  /// Headers that SpikingJelly cannot read, but that are easy to understand.
  private static let lenient = ["hdr_lf", "hdr_noend"]

  @Test(arguments: lenient)
  func aedat31HeadersThatSpikingJellyCannotReadAreUnderstood(_ name: String) throws {
    let golden = try #require(GoldenCase.named(name, in: "aedat31"))
    let plain = try #require(GoldenCase.named("zero_capacity", in: "aedat31")?.events)
    let result = try read(golden.path)
    #expect(result.events.count == plain.n.t)
    #expect(ColumnDigests(result.events) == ColumnDigests(plain))
  }

  @Test(arguments: [
    ("capacity_slack", 900, 60, 0), ("invalid_events", 819, 0, 81), ("zero_capacity", 900, 0, 0),
  ])
  func strictAEDAT31FollowsTheSpecification(
    _ name: String,
    _ events: Int,
    _ slack: Int,
    _ invalid: Int
  ) throws {
    let golden = try #require(GoldenCase.named(name, in: "aedat31"))
    let result = try read(golden.path)
    #expect(result.events.count == events)
    #expect(result.report.slackEntries == slack)
    #expect(result.report.invalidEvents == invalid)
    #expect(result.report.warnings.count == (slack + invalid > 0 ? 1 : 0))
  }

  @Test(arguments: GoldenCase.all("aedat31"))
  func strictAEDAT31EqualsTheReferenceWhereTheyAgree(_ golden: GoldenCase) throws {
    let differ = ["capacity_slack", "invalid_events", "empty_file", "trunc_boundary"]
    guard let expected = golden.events, !differ.contains(golden.name) else { return }
    let result = try read(golden.path, Self.keep)
    #expect(ColumnDigests(result.events) == ColumnDigests(expected))
  }

  @Test(arguments: GoldenCase.all("aedat2"))
  func aedat2EqualsTheReference(_ golden: GoldenCase) throws {
    switch golden.name {
    case "trunc3", "trunc4": #expect(failure(golden.path, Self.cifar)?.kind == .corrupt)
    case "hdr_none": #expect(try read(golden.path, Self.cifar).events.count == 700)
    case "hdr_latin1": break
    default:
      let expected = try #require(golden.events)
      let result = try read(golden.path, Self.cifar)
      #expect(result.events.count == expected.n.t)
      #expect(ColumnDigests(result.events) == ColumnDigests(expected))
    }
  }

  /// SpikingJelly reads the rest of such a header as three events.
  @Test func aedat2HeaderMayHoldAnyBytes() throws {
    let golden = try #require(GoldenCase.named("hdr_latin1", in: "aedat2"))
    let reference = try NPZArchive(
      path: SharedData.path("golden/io/expected/aedat2/hdr_latin1.events.npz")
    )
    let t = try reference.array("t").values(as: Int64.self)
    let x = try reference.array("x").values(as: UInt16.self)
    let events = try read(golden.path, Self.cifar).events
    #expect(t.count == 703)
    #expect(events.t == Array(t.dropFirst(3)))
    #expect(events.x == Array(x.dropFirst(3)))
  }

  @Test(arguments: GoldenCase.all("atis"))
  func atisEqualsTheReference(_ golden: GoldenCase) throws {
    guard let expected = golden.events, expected.isRegular, golden.name != "empty" else {
      #expect(failure(golden.path)?.kind == .corrupt)
      return
    }
    let result = try read(golden.path, Self.keep)
    #expect(result.events.count == expected.n.t)
    #expect(ColumnDigests(result.events) == ColumnDigests(expected))
  }

  @Test(arguments: GoldenCase.all("npz"))
  func npzEqualsTheReference(_ golden: GoldenCase) throws {
    guard let expected = golden.events else {
      #expect(failure(golden.path)?.kind == .corrupt)
      return
    }
    let result = try read(golden.path, Self.keep)
    let digests = ColumnDigests(result.events)
    let reference = ColumnDigests(expected)
    #expect(result.events.count == expected.n.t)
    #expect([digests.t, digests.x, digests.y] == [reference.t, reference.x, reference.y])
    if golden.name != "pm1" { #expect(digests.p == reference.p) }
  }

  /// SpikingJelly counts every polarity but 0 as ON when it makes frames.
  @Test func npzNegativePolarityCountsAsOnAndIsReported() throws {
    let golden = try #require(GoldenCase.named("pm1", in: "npz"))
    let values = try NPZArchive(path: golden.path).array("p").values(as: Int64.self)
    let result = try read(golden.path)
    #expect(result.events.p == values.map { $0 == 0 ? .off : .on })
    #expect(result.report.warnings.contains { $0.contains("negative") })
  }
}
