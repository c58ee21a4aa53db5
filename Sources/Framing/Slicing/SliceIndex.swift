import EventIO

/// The index ranges into which a recording is cut; never touches pixels.
public struct SliceIndex: Hashable, Sendable {
  /// A run of events that belongs to one slice.
  public struct Piece: Hashable, Sendable {
    /// The slice that the events belong to.
    public let slice: Int
    /// The events' indices; not empty.
    public let events: Range<Int>
  }

  /// From the first to one past the last event of each slice.
  ///
  /// Cutting by time lets ranges of unordered recordings overlap; their events count twice.
  public let ranges: [Range<Int>]
  /// The runs that make up the slices, where a slice is not all of its range; else nil.
  private let scattered: [Piece]?
  /// The number of events in the recording.
  public let eventCount: Int

  /// Creates an index whose slices are whole ranges.
  public init(ranges: [Range<Int>], eventCount: Int) {
    self.ranges = ranges
    self.eventCount = eventCount
    scattered = nil
  }

  /// Creates an index from runs, which may alternate between slices.
  init(sliceCount: Int, pieces: [Piece], eventCount: Int) {
    var bounds = [Range<Int>?](repeating: nil, count: sliceCount)
    for piece in pieces {
      let old = bounds[piece.slice] ?? piece.events
      bounds[piece.slice] =
        min(old.lowerBound, piece.events.lowerBound)..<max(old.upperBound, piece.events.upperBound)
    }
    ranges = bounds.map { $0 ?? 0..<0 }
    self.eventCount = eventCount
    scattered = pieces
  }

  /// The number of slices.
  public var count: Int { ranges.count }

  /// The runs of events that make up the slices; empty slices have none.
  public var pieces: [Piece] {
    if let scattered { return scattered }
    return ranges.enumerated().compactMap { slice, range in
      range.isEmpty ? nil : Piece(slice: slice, events: range)
    }
  }

  /// The number of events in each slice.
  public var eventCounts: [Int] {
    guard let scattered else { return ranges.map(\.count) }
    var counts = [Int](repeating: 0, count: ranges.count)
    for piece in scattered { counts[piece.slice] += piece.events.count }
    return counts
  }

  /// What the caller should know about the cut: empty slices, events left out or counted twice.
  public var warnings: [String] {
    let counts = eventCounts
    let total = counts.reduce(0, +)
    let covered = coveredEventCount
    var warnings: [String] = []
    let empty = counts.count { $0 == 0 }
    if empty > 0 { warnings.append("\(empty) of \(counts.count) slices hold no event") }
    if total > covered {
      warnings.append("timestamps are not in order: \(total - covered) events count more than once")
    }
    if covered < eventCount {
      warnings.append("\(eventCount - covered) of \(eventCount) events lie in no slice")
    }
    return warnings
  }

  /// The number of events that lie in at least one slice.
  private var coveredEventCount: Int {
    guard scattered == nil else { return eventCounts.reduce(0, +) }
    var covered = 0
    var end = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > end {
      covered += range.upperBound - max(end, range.lowerBound)
      end = range.upperBound
    }
    return covered
  }
}

extension SliceIndex {
  /// Cuts a recording.
  ///
  /// - Parameters:
  ///   - events: The whole recording, in recording order.
  ///   - slicing: The way of cutting.
  ///   - type: The type in which times are added and subtracted; they wrap around in it.
  /// - Throws: ``FramingError`` of kind `usage` for numbers below one, `unordered` and `tooLarge`
  ///   where timestamps do not allow the cut.
  /// - Complexity: O(events) at most; O(slices · log events) by time where timestamps are in order.
  public init(
    _ events: EventBuffer, slicing: Slicing, timestampType: TimestampType = .int64
  ) throws(FramingError) {
    try slicing.validate()
    switch slicing {
    case .equalCount(let frames):
      self = .equalCount(frames: frames, eventCount: events.count)
    case .eventsPerFrame(let size):
      self = .eventsPerFrame(size, eventCount: events.count)
    case .equalDuration(let frames):
      self = TimeCut.run(events.t, as: timestampType, .equalDuration(frames: frames))
    case .microsecondsPerFrame(let duration, .firstEvent):
      self = TimeCut.run(events.t, as: timestampType, .firstEvent(duration: duration))
    case .microsecondsPerFrame(let duration, .grid):
      self = try DurationGrid.slices(events.t, duration: duration)
    }
  }

  /// ⌊N/T⌋ events in each of T slices; the last one ends at N.
  public static func equalCount(frames: Int, eventCount: Int) -> SliceIndex {
    let size = eventCount / frames
    let ranges = (0..<frames).map { index in
      index * size..<(index == frames - 1 ? eventCount : (index + 1) * size)
    }
    return SliceIndex(ranges: ranges, eventCount: eventCount)
  }

  /// A slice per `size` events; the last one takes what remains. No events make one empty slice.
  public static func eventsPerFrame(_ size: Int, eventCount: Int) -> SliceIndex {
    let starts = eventCount == 0 ? [0] : Array(stride(from: 0, to: eventCount, by: size))
    let ranges = starts.map { $0..<min(eventCount, eventCount - $0 > size ? $0 + size : eventCount) }
    return SliceIndex(ranges: ranges, eventCount: eventCount)
  }
}
