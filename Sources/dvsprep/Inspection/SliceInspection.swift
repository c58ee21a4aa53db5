import EventIO
import Foundation
import Framing
import Imaging
import SpikeNet

/// What can be said about something cut into slices: a recording, or a sample of a cache.
protocol SliceInspection {
  /// What is said first: a name and a value a line.
  var facts: [(name: String, value: String)] { get }
  /// What may be wrong.
  var warnings: [String] { get }
  /// The slices.
  var slices: [SliceRow] { get }
  /// Everything, in the keys of INTERFACE.
  var json: ConfigurationValue { get }
  /// The frames.
  func frames() throws -> FrameStack
  /// Whether row 0 of the frames is at the bottom.
  var isUpsideDown: Bool { get }
}

/// One line of a table of slices.
struct SliceRow {
  var firstEvent: Int?
  var count: Int
  /// Microseconds; nil where they are not known.
  var start: Int64?
  var end: Int64?
  var on: Int
  var off: Int { count - on }

  /// How long it lasts; nil for an empty slice, and where it is not known.
  var length: Int64? {
    guard count > 0, let start, let end else { return nil }
    return end - start
  }

  /// The slices of frames, with times where a table tells them.
  static func all(_ stack: FrameStack, _ table: SliceTable?) -> [SliceRow] {
    (0..<stack.frameCount).map { frame in
      let counts = stack[frame: frame]
      let total = counts.reduce(0) { $0 + Int($1) }
      return SliceRow(
        firstEvent: nil,
        count: table.map { Int($0.events[frame]) } ?? total,
        start: table?.start[frame],
        end: table?.end[frame],
        on: counts.dropFirst(stack.channelSize).reduce(0) { $0 + Int($1) }
      )
    }
  }
}

extension SliceInspection {
  /// Facts, then a table of slices.
  var text: String {
    let width = facts.map(\.name.count).max() ?? 0
    let head = facts.map {
      "\($0.name.padding(toLength: width, withPad: " ", startingAt: 0))  \($0.value)"
    }
    let columns = ["slice", "first", "end", "events", "start µs", "end µs", "length µs", "ON"]
    let rows = slices.enumerated().map { index, row in
      [
        "\(index)", row.firstEvent.map(String.init) ?? "",
        row.firstEvent.map { "\($0 + row.count)" } ?? "",
        "\(row.count)", Self.number(row.count == 0 ? nil : row.start) ?? "-",
        Self.number(row.count == 0 ? nil : row.end) ?? "-", Self.number(row.length) ?? "-",
        row.count == 0 ? "-" : Self.percent(row.on, of: row.count),
      ]
    }
    return (head + [""] + TextTable(header: columns, rows: rows).lines).joined(separator: "\n")
  }

  private static func number(_ value: Int64?) -> String? { value.map { "\($0)" } }

  static func percent(_ part: Int, of whole: Int) -> String {
    String(format: "%.1f %%", 100 * Double(part) / Double(max(whole, 1)))
  }

  /// The slices as comma-separated values.
  var csv: String {
    let header = "index,first_event,last_event_exclusive,events,start_us,end_us,length_us,on,off\n"
    return slices.enumerated().reduce(into: header) { text, entry in
      let (index, row) = entry
      let first = row.firstEvent.map(String.init) ?? ""
      let last = row.firstEvent.map { String($0 + row.count) } ?? ""
      let length = row.start == nil ? nil : row.length ?? 0
      let times = [row.start, row.end, length].map { Self.number($0) ?? "" }
      text += "\(index),\(first),\(last),\(row.count),\(times.joined(separator: ",")),"
      text += "\(row.on),\(row.off)\n"
    }
  }

  /// The slices as JSON.
  var jsonSlices: ConfigurationValue {
    .list(
      slices.enumerated().map { index, row in
        let place: [ConfigurationValue.Member] =
          row.firstEvent.map {
            [
              .init("first_event", .integer($0)),
              .init("last_event_exclusive", .integer($0 + row.count)),
            ]
          } ?? []
        return .section(
          [.init("index", .integer(index))] + place + [
            .init("events", .integer(row.count)),
            .init("start_us", row.start.map { .integer(Int($0)) } ?? .null),
            .init("end_us", row.end.map { .integer(Int($0)) } ?? .null),
            .init("on", .integer(row.on)),
            .init("off", .integer(row.off)),
          ]
        )
      }
    )
  }
}

/// The frames of an inspection as files.
struct SlicePictures {
  private let inspection: any SliceInspection

  init(_ inspection: some SliceInspection) {
    self.inspection = inspection
  }

  /// All frames side by side; under each its number and how long it lasts.
  func png() throws -> [UInt8] {
    try PNG.encode(sheet().picture())
  }

  /// One frame after the other, four a second.
  func gif() throws -> [UInt8] {
    try GIF.encode(sheet().pictures(), delayMilliseconds: 250)
  }

  private func sheet() throws -> ContactSheet {
    let captions = inspection.slices.enumerated().map { index, row in
      row.length.map { "\(index)  \(Self.duration($0))" } ?? "\(index)"
    }
    return try ContactSheet(
      inspection.frames(),
      captions: captions,
      isUpsideDown: inspection.isUpsideDown
    )
  }

  private static func duration(_ microseconds: Int64) -> String {
    abs(microseconds) < 10_000_000
      ? String(format: "%.1f ms", Double(microseconds) / 1e3)
      : String(format: "%.1f s", Double(microseconds) / 1e6)
  }
}
