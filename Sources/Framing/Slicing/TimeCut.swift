import EventIO

/// Cutting into intervals of equal length as SpikingJelly does, in the array's own integer type.
struct TimeCut {
  /// The number of intervals.
  let frames: Int

  /// Cuts timestamps, computing in `type`.
  func slices(_ times: [Int64], as type: TimestampType) -> SliceIndex {
    switch (type.bits, type.isSigned) {
    case (8, true): slices(times, Int8.self)
    case (8, false): slices(times, UInt8.self)
    case (16, true): slices(times, Int16.self)
    case (16, false): slices(times, UInt16.self)
    case (32, true): slices(times, Int32.self)
    case (32, false): slices(times, UInt32.self)
    case (_, true): slices(times, Int64.self)
    case (_, false): slices(times, UInt64.self)
    }
  }

  private func slices<Time: FixedWidthInteger>(_ times: [Int64], _: Time.Type) -> SliceIndex {
    guard let first = times.first, let last = times.last else {
      return SliceIndex(ranges: Array(repeating: 0..<0, count: frames), eventCount: 0)
    }
    let start = Time(truncatingIfNeeded: first)
    let span = Time(truncatingIfNeeded: last) &- start
    let ranges = Self.cut(times, from: start, span: span, frames: frames)
    return SliceIndex(ranges: ranges, eventCount: times.count)
  }

  private static func cut<Time: FixedWidthInteger>(
    _ times: [Int64],
    from start: Time,
    span: Time,
    frames: Int
  ) -> [Range<Int>] {
    let step = Time(exactly: frames).map { floorQuotient(span, $0) } ?? 0
    let intervals = Intervals(start: start, step: step, count: frames)
    var ranges = isAscending(times) ? intervals.search(times) : intervals.scan(times)
    if let last = ranges.last, !last.isEmpty {
      ranges[frames - 1] = last.lowerBound..<times.count
    }
    return ranges
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
}

/// Half-open intervals of equal length in wrapping arithmetic.
private struct Intervals<Time: FixedWidthInteger> {
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
      let lower = bisect(times) { Time(truncatingIfNeeded: $0) < interval.lowerBound }
      let upper = bisect(times) { Time(truncatingIfNeeded: $0) < interval.upperBound }
      return lower < upper ? lower..<upper : 0..<0
    }
  }

  /// From the first to the last timestamp of each interval, in one pass over any timestamps.
  func scan(_ times: [Int64]) -> [Range<Int>] {
    var ranges = [Range<Int>](repeating: 0..<0, count: count)
    guard step > 0 else { return ranges }
    let stride = Time.Magnitude(step)
    for (position, time) in times.enumerated() {
      let time = Time(truncatingIfNeeded: time)
      let index = Time.Magnitude(truncatingIfNeeded: time &- start) / stride
      guard index < count, let interval = interval(Int(index)), interval.contains(time) else {
        continue
      }
      let slot = Int(index)
      ranges[slot] =
        (ranges[slot].isEmpty ? position : ranges[slot].lowerBound)..<position + 1
    }
    return ranges
  }
}
