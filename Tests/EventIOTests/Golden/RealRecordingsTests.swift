import EventIO
import Foundation
import Testing
import _TestSupport

/// Real recordings decode to what reference libraries and the list of sources say.
@Suite("Real recordings", .enabled(if: SharedData.isPresent, "\(SharedData.absent)"))
struct RealRecordingsTests {
  @Test(
    arguments: RealRecording.all(in: "aedat2_dvs128") + RealRecording.all(in: "mnist_dvs_digit0")
  )
  func cifarLayoutEqualsSpikingJelly(_ recording: RealRecording) throws {
    let expected = try #require(recording.events)
    let result = try read(recording.path, ReadOptions(camera: .cifar10DVS))
    #expect(ColumnDigests(result.events) == ColumnDigests(expected))
    #expect(result.events.count == expected.n.t)
  }

  /// Tonic calls the row field x and the column field y, and mirrors neither.
  @Test(
    arguments: RealRecording.all(in: "aedat2_dvs128") + RealRecording.all(in: "mnist_dvs_digit0")
  )
  func dvs128LayoutHoldsTheFieldsThatTonicReads(_ recording: RealRecording) throws {
    let expected = ColumnDigests(try #require(recording.tonic_dvs128_fields))
    guard !recording.file.contains("sample_aedat_header") else { return }
    let events = try read(recording.path).events
    #expect(SHA256.hex(int64: events.t) == expected.t)
    #expect(SHA256.hex(int64: events.x.map { 127 - Int64($0) }) == expected.y)
    #expect(SHA256.hex(int64: events.y.map { Int64($0) }) == expected.x)
    #expect(SHA256.hex(int64: events.p.map { 1 - Int64($0.rawValue) }) == expected.p)
  }

  @Test(arguments: RealRecording.all(in: "nmnist"))
  func nmnistEqualsSpikingJelly(_ recording: RealRecording) throws {
    let expected = try #require(recording.events)
    let result = try read(recording.path)
    #expect(ColumnDigests(result.events) == ColumnDigests(expected))
    #expect(result.report.strayEvents == 0)
    #expect(result.report.backwardSteps == 0)
  }

  @Test(arguments: RealRecording.all(in: "ncaltech101"))
  func ncaltechNeedsItsGeometry(_ recording: RealRecording) throws {
    let expected = try #require(recording.events)
    #expect(failure(recording.path)?.kind == .outOfRange)
    let geometry = SensorGeometry(width: 240, height: 180)
    let events = try read(recording.path, ReadOptions(geometry: geometry)).events
    #expect(ColumnDigests(events) == ColumnDigests(expected))
  }

  @Test(
    arguments: RealRecording.all(in: "aedat2_davis240")
      + RealRecording.all(in: "predator_prey_davis240")
  )
  func davisEqualsSpikingJelly(_ recording: RealRecording) throws {
    let expected = try #require(recording.events)
    var options = ReadOptions()
    // These two name no camera; the second comes from a larger sensor.
    if recording.file.contains("TranslatingBar") { options.camera = .davis240 }
    if recording.file.contains("moving-dot") { options.camera = .davis346 }
    if options.camera != nil {
      #expect(failure(recording.path)?.kind == .outOfRange)
    }
    let result = try read(recording.path, options)
    #expect(ColumnDigests(result.events) == ColumnDigests(expected))
    let words = recording.file.contains("IMU_translBoxes") ? 33_837 : 0
    #expect(result.report.skippedRecords == words)
  }

  /// Events, first and last time, backward steps, share of ON; times as unsigned numbers.
  @Test(arguments: [
    ("alex_walking_again", 19_182, 41_306_606, 48_193_156, 0, 0.63),
    ("alex_walking_for_10secs", 125_028, 262_847_757, 270_891_631, 0, 0.552),
    ("cam255_right_clamp_test1", 110_228, 52_965_624, 70_984_609, 0, 0.464),
    ("rotated_cam255_right_clamp_test1", 110_228, 52_965_624, 70_984_609, 0, 1.0),
    ("DVS128-2014-09-16T15-49-51+0200-20000-0", 62_274, 305_545_666, 317_618_990, 101, 0.654),
    (
      "Tmpdiff128StereoPair-2014-10-21T18-18-47+0200-0", 34_254, 611_801_092, 618_834_592, 37, 0.622
    ),
    (
      "Tmpdiff128StereoPair-2015-01-15T13-14-35+0100-0-JustR", 28_514, 8_881_450, 12_931_549, 28,
      0.703
    ),
    ("checkerboard_2", 30_350, 210_107_982, 210_232_796, 0, 0.301),
    ("calibration_23", 76_732, 359_009_566, 359_578_148, 0, 0.307),
    ("BioLab_Lapiseira", 126_164, -495_322_561, -476_814_908, 0, 0.416),
    ("BioLab_Caixa", 201_523, -1_143_324_973, -1_124_833_024, 0, 0.443),
    ("foam90", 1_575, -1_601_640_499, -1_596_718_889, 0, 0.208),
  ])
  func dvs128AgreesWithItsSource(
    _ name: String,
    _ count: Int,
    _ first: Int64,
    _ last: Int64,
    _ backwardSteps: Int,
    _ share: Double
  ) throws {
    let result = try read(SharedData.path("data/aedat2_dvs128/\(name).aedat"))
    let events = result.events
    #expect(events.count == count)
    #expect(events.t.first == first & 0xFFFF_FFFF)
    #expect(events.t.last == last & 0xFFFF_FFFF)
    #expect(result.report.backwardSteps == backwardSteps)
    // The list gives the share of words whose polarity bit is set, which means OFF here.
    let off = Double(events.p.count { $0 == .off }) / Double(count)
    #expect(abs(off - share) < 0.000_51)
  }

  /// The list of sources gives the ranges over all twelve recordings.
  @Test func mnistDVSAgreesWithItsSource() throws {
    let files = SharedData.files(under: "data/mnist_dvs_digit0", suffix: ".aedat")
    #expect(files.count == 12)
    let recordings = try files.map { try read(SharedData.path($0)) }
    let counts = recordings.map(\.events.count).sorted()
    #expect(counts.first == 12_596 && counts.last == 20_501)
    #expect(recordings.allSatisfy { $0.events.t.first == 0 && $0.report.backwardSteps == 0 })
    let lasts = recordings.compactMap(\.events.t.last).sorted()
    #expect(lasts.count == 12 && lasts.first == 2_070_750 && lasts.last == 2_381_690)
    for recording in recordings {
      // Fields as they are stored: the column is mirrored by the layout, the row is not.
      #expect((126...127).contains(recording.events.x.map { 127 - Int($0) }.max() ?? 0))
      #expect(recording.events.y.max() == 127)
    }
  }

  @Test func headerWithoutEventsGivesNone() throws {
    let path = SharedData.path("data/aedat2_dvs128/sample_aedat_header.aedat")
    let reader = try Recording.open(path)
    #expect(reader.header.geometry == SensorGeometry(width: 346, height: 260))
    let result = try read(path)
    #expect(result.events.isEmpty)
    #expect(result.report.warnings.contains { $0.contains("preferences") })
  }

  @Test func cochleaIsRefused() {
    let path = SharedData.path("data/aedat_not_vision/s1-bbaf3s_cochlea.aedat")
    #expect(failure(path)?.kind == .unsupported)
    #expect(failure(path)?.reason.contains("cochlea") == true)
    let headerless = SharedData.path(
      "data/aedat_not_vision/sound_mono_32ch_ONOFF_addr2b_ts02.aedat"
    )
    #expect(failure(headerless)?.kind == .unknownFormat)
  }

  @Test(arguments: RealRecording.all(in: "aedat3"))
  func aedat3OfOthersEqualsSpikingJellyOrIsRefused(_ recording: RealRecording) throws {
    guard let expected = recording.events else {
      #expect(failure(recording.path)?.kind == .corrupt)
      return
    }
    let result = try read(recording.path, ReadOptions(aedat31: .spikingJelly))
    #expect(ColumnDigests(result.events) == ColumnDigests(expected))
    // Every event is marked invalid, against what the packet header says.
    let strict = try read(recording.path)
    #expect(strict.events.isEmpty)
    #expect(strict.report.invalidEvents == expected.n.t)
  }

  @Test(arguments: SharedData.files(under: "data/frames_npz", suffix: ".npz"))
  func frameArchivesAreReadable(_ file: String) throws {
    let array = try NPZArchive(path: SharedData.path(file)).array("frames")
    #expect(array.type.description == "|u1")
    #expect(Array(array.shape.dropFirst()) == [2, 346, 260])
    let values = try array.values(as: UInt8.self)
    #expect(values.allSatisfy { $0 <= 1 })
    #expect(values.contains(1))
  }
}
