/// Cutting on a grid of fixed duration, as SpikingJelly 2.0.0 does.
enum DurationGrid {
  /// More slices than this are a mistake, or a damaged clock.
  static let sliceLimit = 1 << 24

  /// ⌈(t_last − t_min)/D⌉ slices; an event goes to (t − t_min) div D, at most to the last slice.
  ///
  /// A recording whose events all have one time makes one slice; no events make one empty slice.
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
          + "sort the recording or cut it by the first-event rule")
    }
    let count = max(1, length / step + (length % step == 0 ? 0 : 1))
    guard count <= sliceLimit else {
      throw FramingError(
        .tooLarge, "\(length) µs in steps of \(duration) µs are \(count) frames; "
          + "the limit is \(sliceLimit)")
    }
    return SliceIndex(
      sliceCount: Int(count), pieces: runs(times, from: earliest, step: step, count: count),
      eventCount: times.count)
  }

  private static func runs(
    _ times: [Int64], from earliest: Int64, step: UInt64, count: UInt64
  ) -> [SliceIndex.Piece] {
    var pieces: [SliceIndex.Piece] = []
    var start = 0
    var slice: UInt64?
    for (index, time) in times.enumerated() {
      let next = min(UInt64(bitPattern: time &- earliest) / step, count - 1)
      if let slice, next != slice {
        pieces.append(SliceIndex.Piece(slice: Int(slice), events: start..<index))
        start = index
      }
      slice = next
    }
    if let slice {
      pieces.append(SliceIndex.Piece(slice: Int(slice), events: start..<times.count))
    }
    return pieces
  }
}
