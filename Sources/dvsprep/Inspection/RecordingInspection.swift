import EventIO
import Foundation
import Framing
import SpikeNet

/// What is in a recording.
struct RecordingInspection: SliceInspection {
  private let path: String
  private let header: RecordingHeader
  private let report: ReadReport
  private let events: EventBuffer
  private let index: SliceIndex
  let slices: [SliceRow]

  /// Reads a recording and cuts it; events outside the sensor are kept and counted.
  init(_ path: String, reading: ReadingOptions, slicing: Slicing) throws {
    self.path = path
    var reader = try Recording.open(
      path,
      options: ReadOptions(
        geometry: reading.geometry,
        camera: reading.layout,
        aedat31: reading.aedat31,
        strayEvents: .keep
      )
    )
    events = try reader.readAll()
    header = reader.header
    report = reader.report
    index = try SliceIndex(events, slicing: slicing, timestampType: header.timestampType)
    slices = SliceSummary.all(events, index).map { slice in
      SliceRow(
        firstEvent: slice.events.lowerBound,
        count: slice.count,
        start: slice.start,
        end: slice.end,
        on: slice.on
      )
    }
  }

  private var on: Int { events.p.reduce(0) { $0 + Int($1.rawValue) } }
  private var first: Int64 { events.t.first ?? 0 }
  private var last: Int64 { events.t.last ?? 0 }

  var isUpsideDown: Bool { header.rowOrigin == .bottom }

  var warnings: [String] {
    (header.warnings + report.warnings + index.warnings)
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      .map { "\(path): \($0)" }
  }

  var facts: [(name: String, value: String)] {
    let seconds = Double(last - first) / 1e6
    let rate =
      seconds > 0 ? String(format: ", %.1f k events/s", Double(events.count) / seconds / 1e3) : ""
    let hot = HotPixels(events, header.geometry)
    return [
      ("recording", path),
      ("format", header.format + (header.camera.map { ", camera \($0)" } ?? "")),
      ("sensor", "\(header.geometry) (\(Self.words(header.geometrySource)))"),
      ("events", "\(events.count): \(on) ON, \(events.count - on) OFF"),
      (
        "time",
        events.count == 0
          ? "-" : "\(first) to \(last) µs, \(String(format: "%.6f", seconds)) s\(rate)"
      ),
      ("outside the sensor", "\(report.strayEvents)"),
      ("backward time steps", "\(report.backwardSteps)"),
      ("hot pixels", hot.description),
    ]
  }

  private static func words(_ source: RecordingHeader.GeometrySource) -> String {
    switch source {
    case .options: "as asked for"
    case .file: "says the file"
    case .camera: "of the camera"
    case .formatDefault: "assumed; --geometry says otherwise"
    }
  }

  var json: ConfigurationValue {
    .section([
      .init("format", .text(header.format)),
      .init("width", .integer(header.geometry.width)),
      .init("height", .integer(header.geometry.height)),
      .init("events", .integer(events.count)),
      .init("first_us", events.t.first.map { .integer(Int($0)) } ?? .null),
      .init("last_us", events.t.last.map { .integer(Int($0)) } ?? .null),
      .init("on", .integer(on)),
      .init("off", .integer(events.count - on)),
      .init("out_of_range", .integer(report.strayEvents)),
      .init("unordered", .integer(report.backwardSteps)),
      .init("hot_pixels", HotPixels(events, header.geometry).json),
      .init("slices", jsonSlices),
    ])
  }

  func frames() throws -> FrameStack {
    try FrameIntegrator(geometry: header.geometry, strayEvents: .drop).integrate(events, index)
  }
}
