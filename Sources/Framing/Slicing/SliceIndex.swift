import EventIO

/// The index ranges into which a recording is cut; never touches pixels.
public struct SliceIndex: Hashable, Sendable {
  /// The events of each slice, as indices in recording order.
  ///
  /// Cutting by time lets ranges of unordered recordings overlap; their events count twice.
  public let ranges: [Range<Int>]
  /// The number of events in the recording.
  public let eventCount: Int

  /// Creates an index from ranges.
  public init(ranges: [Range<Int>], eventCount: Int) {
    precondition(
      ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= eventCount },
      "a range reaches beyond \(eventCount) events"
    )
    self.ranges = ranges
    self.eventCount = eventCount
  }

  /// The number of slices.
  public var count: Int { ranges.count }

  /// What the caller should know about the cut: empty slices, events left out or counted twice.
  public var warnings: [String] {
    let total = ranges.reduce(0) { $0 + $1.count }
    let covered = coveredEventCount
    var warnings: [String] = []
    let empty = ranges.count { $0.isEmpty }
    if empty > 0 { warnings.append("\(empty) of \(count) slices hold no event") }
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
  ///   - timestampType: The type in which times are added and subtracted; they wrap around in it.
  /// - Throws: ``FramingError`` of kind `usage` for numbers below one, `unordered` and `tooLarge`
  ///   where timestamps do not allow the cut.
  /// - Complexity: O(events + slices · log events) at most.
  public init(
    _ events: EventBuffer,
    slicing: Slicing,
    timestampType: TimestampType = .int64
  ) throws(FramingError) {
    try slicing.validate()
    switch slicing {
    case .equalCount(let frames):
      self = .equalCount(frames: frames, eventCount: events.count)
    case .eventsPerFrame(let size):
      self = .eventsPerFrame(size, eventCount: events.count)
    case .equalDuration(let frames):
      self = TimeCut(frames: frames).slices(events.t, as: timestampType)
    case .microsecondsPerFrame(let duration, .firstEvent):
      var cut = FirstEventCut(duration: duration, timestampType)
      cut.add(events.t)
      self = cut.finish()
    case .microsecondsPerFrame(let duration, .grid):
      self = try DurationGrid.slices(events.t, duration: duration)
    }
  }

  /// ⌊N/T⌋ events in each of T slices; the last one ends at N.
  public static func equalCount(frames: Int, eventCount: Int) -> SliceIndex {
    precondition(frames >= 1, "frames is \(frames)")
    let size = eventCount / frames
    let ranges = (0..<frames).map { index in
      index * size..<(index == frames - 1 ? eventCount : (index + 1) * size)
    }
    return SliceIndex(ranges: ranges, eventCount: eventCount)
  }

  /// A slice per `size` events; the last one takes what remains.
  ///
  /// No events make one empty slice.
  public static func eventsPerFrame(_ size: Int, eventCount: Int) -> SliceIndex {
    precondition(size >= 1, "size is \(size)")
    let starts = eventCount == 0 ? [0] : Array(stride(from: 0, to: eventCount, by: size))
    let ranges = starts.map { $0..<(eventCount - $0 > size ? $0 + size : eventCount) }
    return SliceIndex(ranges: ranges, eventCount: eventCount)
  }
}

/// The number of leading elements for which a condition holds, by bisection.
///
/// On unordered timestamps the result is that of NumPy's `searchsorted` for a single key.
func bisect(_ times: [Int64], _ holds: (Int64) -> Bool) -> Int {
  var lower = 0
  var upper = times.count
  while lower < upper {
    let middle = lower + (upper - lower) / 2
    if holds(times[middle]) {
      lower = middle + 1
    } else {
      upper = middle
    }
  }
  return lower
}
