/// Cutting on a grid of fixed duration, as SpikingJelly 2.0.0 does.
enum DurationGrid {
  /// More slices than this are a mistake, or a damaged clock.
  static let sliceLimit = 1 << 24

  /// ⌈(t_last − t_min)/D⌉ slices; slice k starts where bisection finds t_min + k·D.
  ///
  /// The last slice takes the rest. A recording whose events all have one time makes one slice, no
  /// events make one empty slice.
  static func slices(_ times: [Int64], duration: Int64) throws(FramingError) -> SliceIndex {
    guard let earliest = times.min(), let latest = times.max(), let last = times.last else {
      return SliceIndex(ranges: [0..<0], eventCount: 0)
    }
    let step = UInt64(duration)
    let length = UInt64(bitPattern: last &- earliest)  // exact, for `last` is not earlier
    guard length > 0 || latest == earliest else {
      throw FramingError(
        .unordered,
        "the last timestamp is also the smallest, so a grid has no length; "
          + "sort the recording or cut it by the first-event rule"
      )
    }
    let count = max(1, length / step + (length % step == 0 ? 0 : 1))
    guard count <= sliceLimit else {
      throw tooManySlices(length, duration, count)
    }
    var ranges: [Range<Int>] = []
    var start = 0
    for index in 1...count {
      let bound = index == count ? .max : index * step
      let end =
        index == count
        ? times.count : bisect(times) { UInt64(bitPattern: $0 &- earliest) < bound }
      ranges.append(start..<max(start, end))
      start = end  // earlier than before only where timestamps are not in order
    }
    return SliceIndex(ranges: ranges, eventCount: times.count)
  }

  static func tooManySlices(
    _ length: some BinaryInteger,
    _ duration: Int64,
    _ count: some BinaryInteger
  ) -> FramingError {
    FramingError(
      .tooLarge,
      "\(length) µs in steps of \(duration) µs are \(count) frames; the limit is \(sliceLimit)"
    )
  }
}
