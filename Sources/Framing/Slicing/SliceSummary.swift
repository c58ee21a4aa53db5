import EventIO

/// What is in one slice of a recording.
public struct SliceSummary: Hashable, Sendable {
  /// The indices of its events.
  public let events: Range<Int>
  /// The time of its first event in microseconds; −1 for an empty slice.
  public let start: Int64
  /// The time of its last event in microseconds; −1 for an empty slice.
  public let end: Int64
  /// ON events.
  public let on: Int

  /// Events.
  public var count: Int { events.count }
  /// OFF events.
  public var off: Int { count - on }
  /// Microseconds from the first to the last event.
  public var duration: Int64 { end - start }
  /// The share of ON events; nil for an empty slice.
  public var onShare: Double? { count == 0 ? nil : Double(on) / Double(count) }

  /// Counts what is in each slice.
  public static func all(_ recording: EventBuffer, _ slices: SliceIndex) -> [SliceSummary] {
    let table = SliceTable(recording, slices)
    return slices.ranges.enumerated().map { index, range in
      SliceSummary(
        events: range,
        start: table.start[index],
        end: table.end[index],
        on: recording.p[range].reduce(0) { $0 + Int($1.rawValue) }
      )
    }
  }
}
