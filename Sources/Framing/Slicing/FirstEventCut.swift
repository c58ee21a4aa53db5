import EventIO

/// Cutting by the first-event rule, some timestamps at a time, in the array's own integer type.
struct FirstEventCut {
  private let duration: Int64
  private let type: TimestampType
  private var ranges: [Range<Int>] = []
  private var left = 0
  private var count = 0
  private var start: Int64?

  init(duration: Int64, _ type: TimestampType) {
    self.duration = duration
    self.type = type
  }

  /// Takes the next timestamps in.
  mutating func add(_ times: [Int64]) {
    switch (type.bits, type.isSigned) {
    case (8, true): add(times, Int8.self)
    case (8, false): add(times, UInt8.self)
    case (16, true): add(times, Int16.self)
    case (16, false): add(times, UInt16.self)
    case (32, true): add(times, Int32.self)
    case (32, false): add(times, UInt32.self)
    case (_, true): add(times, Int64.self)
    case (_, false): add(times, UInt64.self)
    }
  }

  /// The slices of all timestamps.
  func finish() -> SliceIndex {
    SliceIndex(ranges: ranges + [left..<count], eventCount: count)
  }

  private mutating func add<Time: FixedWidthInteger>(_ times: [Int64], _: Time.Type) {
    guard let first = times.first else { return }
    var start = Time(truncatingIfNeeded: self.start ?? first)
    for time in times {
      let time = Time(truncatingIfNeeded: time)
      if time &- start > duration {
        ranges.append(left..<count)
        left = count
        start = time
      }
      count += 1
    }
    self.start = Int64(truncatingIfNeeded: start)
  }
}
