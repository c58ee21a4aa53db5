import EventIO

/// The slices of one sample, as the cache's tables hold them.
public struct SliceTable: Hashable, Sendable {
  /// Events in each slice.
  public var events: [Int64] = []
  /// Time of each slice's first event in microseconds; −1 where it is empty.
  public var start: [Int64] = []
  /// Time of each slice's last event in microseconds; −1 where it is empty.
  public var end: [Int64] = []

  /// Creates a table without slices.
  public init() {}

  /// Lists the slices of a recording.
  public init(_ events: EventBuffer, _ slices: SliceIndex) {
    for range in slices.ranges {
      self.events.append(Int64(range.count))
      start.append(range.isEmpty ? -1 : events.t[range.lowerBound])
      end.append(range.isEmpty ? -1 : events.t[range.upperBound - 1])
    }
  }

  mutating func append(_ other: SliceTable) {
    events += other.events
    start += other.start
    end += other.end
  }
}
