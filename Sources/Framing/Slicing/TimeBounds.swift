import EventIO

/// The times at which slices of timestamps in order begin, where they are known beforehand.
struct TimeBounds {
  /// Rising; slice k reaches from the k-th to the next.
  let times: [Int64]
  private let isGrid: Bool

  /// Lays down the bounds of a recording.
  ///
  /// - Returns: nil where the arithmetic of `type` wraps around.
  /// - Throws: ``FramingError`` of kind `tooLarge` for a grid of too many slices.
  init?(
    _ slicing: Slicing,
    from first: Int64,
    to last: Int64,
    _ type: TimestampType
  ) throws(FramingError) {
    let (span, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow, span >= 0, type.holds(first), type.holds(last) else { return nil }
    switch slicing {
    case .equalDuration(let frames):
      let step = span / Int64(frames)
      guard step > 0, type.holds(span) else { return nil }
      times = (0...frames).map { first + Int64($0) * step }
      isGrid = false
    case .microsecondsPerFrame(let duration, .grid):
      let count = max(1, span / duration + (span % duration == 0 ? 0 : 1))
      guard count <= DurationGrid.sliceLimit else {
        throw DurationGrid.tooManySlices(span, duration, count)
      }
      times = (0..<count).map { first + $0 * duration }
      isGrid = true
    default: return nil
    }
  }

  /// The slices, given the number of events before each bound.
  func slices(_ before: [Int], eventCount: Int) -> SliceIndex {
    if isGrid {
      let ends = before.dropFirst() + [eventCount]
      return SliceIndex(ranges: zip(before, ends).map { $0..<$1 }, eventCount: eventCount)
    }
    var ranges = zip(before, before.dropFirst()).map { $0 < $1 ? $0..<$1 : 0..<0 }
    // The last interval also takes what remains, unless it is empty.
    if let last = ranges.last, !last.isEmpty {
      ranges[ranges.count - 1] = last.lowerBound..<eventCount
    }
    return SliceIndex(ranges: ranges, eventCount: eventCount)
  }
}

extension TimestampType {
  /// Whether a value is the same in this type.
  fileprivate func holds(_ time: Int64) -> Bool {
    guard bits < 64 else { return isSigned || time >= 0 }
    let lowest: Int64 = isSigned ? -(1 << (bits - 1)) : 0
    let highest: Int64 = (1 << (isSigned ? bits - 1 : bits)) - 1
    return (lowest...highest).contains(time)
  }
}

/// Counts the events before each of some rising times, some timestamps at a time, in order.
struct BoundCounter {
  private let bounds: [Int64]
  private var before: [Int] = []

  init(_ bounds: [Int64]) { self.bounds = bounds }

  /// Takes the next timestamps in; `index` is the number of those before them.
  mutating func add(_ times: [Int64], at index: Int) {
    guard let last = times.last else { return }
    while before.count < bounds.count, bounds[before.count] <= last {
      let bound = bounds[before.count]
      before.append(index + bisect(times) { $0 < bound })
    }
  }

  /// The counts; bounds after the last event have all events before them.
  func finish(_ count: Int) -> [Int] {
    before + repeatElement(count, count: bounds.count - before.count)
  }
}
