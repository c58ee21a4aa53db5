import EventIO

/// Cutting by time as SpikingJelly 0.0.0.0.14 does, in the array's own integer type.
enum TimeCut {
  /// T intervals of equal length, or intervals that start at an event.
  case equalDuration(frames: Int)
  case firstEvent(duration: Int64)

  /// Cuts timestamps, computing in `type`.
  static func run(_ times: [Int64], as type: TimestampType, _ cut: TimeCut) -> SliceIndex {
    switch (type.bits, type.isSigned) {
    case (8, true): cut.slices(times, as: Int8.self)
    case (8, false): cut.slices(times, as: UInt8.self)
    case (16, true): cut.slices(times, as: Int16.self)
    case (16, false): cut.slices(times, as: UInt16.self)
    case (32, true): cut.slices(times, as: Int32.self)
    case (32, false): cut.slices(times, as: UInt32.self)
    case (_, true): cut.slices(times, as: Int64.self)
    case (_, false): cut.slices(times, as: UInt64.self)
    }
  }

  private func slices<Time: FixedWidthInteger>(
    _ times: [Int64], as type: Time.Type
  ) -> SliceIndex {
    switch self {
    case .equalDuration(let frames): Self.equalDuration(times, frames: frames, as: type)
    case .firstEvent(let duration): Self.firstEvent(times, duration: duration, as: type)
    }
  }

  // MARK: Equal duration

  private static func equalDuration<Time: FixedWidthInteger>(
    _ times: [Int64], frames: Int, as type: Time.Type
  ) -> SliceIndex {
    guard let first = times.first, let last = times.last else {
      return SliceIndex(ranges: Array(repeating: 0..<0, count: frames), eventCount: 0)
    }
    let start = Time(truncatingIfNeeded: first)
    let span = Time(truncatingIfNeeded: last) &- start
    let step = Time(exactly: frames).map { floorQuotient(span, $0) } ?? 0
    let bounds = IntervalBounds(start: start, step: step, count: frames)
    var ranges = isAscending(times) ? bounds.search(times) : bounds.scan(times)
    if let last = ranges.last, !last.isEmpty {
      ranges[frames - 1] = last.lowerBound..<times.count
    }
    return SliceIndex(ranges: ranges, eventCount: times.count)
  }

  /// The quotient rounded down, as NumPy's `//` has it.
  private static func floorQuotient<Time: FixedWidthInteger>(_ a: Time, _ b: Time) -> Time {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private static func isAscending(_ times: [Int64]) -> Bool {
    var previous = Int64.min
    for time in times {
      if time < previous { return false }
      previous = time
    }
    return true
  }

  // MARK: First event

  private static func firstEvent<Time: FixedWidthInteger>(
    _ times: [Int64], duration: Int64, as type: Time.Type
  ) -> SliceIndex {
    guard let first = times.first else { return SliceIndex(ranges: [0..<0], eventCount: 0) }
    var ranges: [Range<Int>] = []
    var left = 0
    var start = Time(truncatingIfNeeded: first)
    for (index, time) in times.enumerated() {
      let time = Time(truncatingIfNeeded: time)
      if time &- start > duration {
        ranges.append(left..<index)
        left = index
        start = time
      }
    }
    ranges.append(left..<times.count)
    return SliceIndex(ranges: ranges, eventCount: times.count)
  }
}

/// Half-open intervals of equal length in wrapping arithmetic.
private struct IntervalBounds<Time: FixedWidthInteger> {
  let start: Time
  let step: Time
  let count: Int

  /// The interval of an index; nil where it wraps around or is empty, so that it holds no time.
  func interval(_ index: Int) -> Range<Time>? {
    let lower = start &+ step &* Time(truncatingIfNeeded: index)
    let upper = lower &+ step
    return lower < upper ? lower..<upper : nil
  }

  /// The ranges in ascending timestamps, by bisection.
  func search(_ times: [Int64]) -> [Range<Int>] {
    (0..<count).map { index in
      guard let interval = interval(index) else { return 0..<0 }
      let lower = partition(times) { $0 < interval.lowerBound }
      let upper = partition(times) { $0 < interval.upperBound }
      return lower < upper ? lower..<upper : 0..<0
    }
  }

  /// The number of leading timestamps for which a condition holds; it must hold for no others.
  private func partition(_ times: [Int64], _ holds: (Time) -> Bool) -> Int {
    var lower = 0
    var upper = times.count
    while lower < upper {
      let middle = lower + (upper - lower) / 2
      if holds(Time(truncatingIfNeeded: times[middle])) {
        lower = middle + 1
      } else {
        upper = middle
      }
    }
    return lower
  }

  /// From the first to the last timestamp of each interval, in one pass over any timestamps.
  func scan(_ times: [Int64]) -> [Range<Int>] {
    var ranges = [Range<Int>?](repeating: nil, count: count)
    guard step > 0 else { return ranges.map { $0 ?? 0..<0 } }
    let stride = Time.Magnitude(step)
    for (position, time) in times.enumerated() {
      let time = Time(truncatingIfNeeded: time)
      let index = Time.Magnitude(truncatingIfNeeded: time &- start) / stride
      guard index < count else { continue }
      let slot = Int(index)
      guard let interval = interval(slot), interval.contains(time) else { continue }
      ranges[slot] = (ranges[slot]?.lowerBound ?? position)..<position + 1
    }
    return ranges.map { $0 ?? 0..<0 }
  }
}
