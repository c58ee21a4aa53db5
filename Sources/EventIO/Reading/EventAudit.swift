/// Checks decoded events against the sensor and the order of time, a chunk at a time.
struct EventAudit {
  private let geometry: SensorGeometry
  private let strayEvents: StrayEventPolicy
  /// Events seen, those that were dropped included.
  private var seen = 0
  private var lastTime = Int64.min

  init(_ geometry: SensorGeometry, strayEvents: StrayEventPolicy) {
    self.geometry = geometry
    self.strayEvents = strayEvents
  }

  /// Checks the events of one chunk, drops or refuses stray ones, and adds to the report.
  mutating func check(
    _ events: inout EventSink,
    report: inout ReadReport
  ) throws(RecordingError) {
    let decoded = events.count
    if try countStrays(in: &events, report: &report) && strayEvents == .drop {
      dropStrays(from: &events)
    }
    seen += decoded
    report.events += events.count
    report.backwardSteps += countBackwardSteps(in: &events)
  }

  /// Counts stray events and says whether there is any; throws at the first one if told so.
  private func countStrays(
    in events: inout EventSink,
    report: inout ReadReport
  ) throws(RecordingError) -> Bool {
    let count = events.count
    let width = UInt32(geometry.width)
    let height = UInt32(geometry.height)
    let strays =
      events.withEvents { columns in
        var strays = 0
        for index in 0..<count {
          let isOutside = UInt32(columns.x[index]) >= width || UInt32(columns.y[index]) >= height
          strays &+= isOutside ? 1 : 0
        }
        return strays
      } ?? 0
    guard strays > 0 else { return false }
    if strayEvents == .reject { throw firstStray(in: &events) }
    report.strayEvents += strays
    return true
  }

  private func firstStray(in events: inout EventSink) -> RecordingError {
    let count = events.count
    let place = events.withEvents { columns in
      (0..<count).first { !geometry.contains(x: columns.x[$0], y: columns.y[$0]) }
        .map { (index: $0, x: columns.x[$0], y: columns.y[$0]) }
    }
    guard let place = place ?? nil else { preconditionFailure("no stray event was found again") }
    let coordinate =
      Int(place.x) >= geometry.width ? "x = \(signed(place.x))" : "y = \(signed(place.y))"
    return RecordingError(
      .outOfRange,
      "\(coordinate) is outside the \(geometry) sensor; "
        + "pass --geometry or --camera if the camera differs",
      eventIndex: seen + place.index
    )
  }

  /// A mirrored coordinate beyond the sensor has wrapped around below zero.
  private func signed(_ coordinate: UInt16) -> Int {
    geometry.width > 0x8000 || geometry.height > 0x8000
      ? Int(coordinate) : Int(Int16(bitPattern: coordinate))
  }

  private func dropStrays(from events: inout EventSink) {
    let count = events.count
    let kept = events.withEvents { columns in
      var kept = 0
      for index in 0..<count {
        columns.move(from: index, to: kept)
        if geometry.contains(x: columns.x[kept], y: columns.y[kept]) { kept += 1 }
      }
      return kept
    }
    events.keepFirst(kept ?? 0)
  }

  private mutating func countBackwardSteps(in events: inout EventSink) -> Int {
    let count = events.count
    let first = lastTime
    let result = events.withEvents { columns in
      var steps = columns.t[0] < first ? 1 : 0
      for index in 1..<count { steps &+= columns.t[index] < columns.t[index &- 1] ? 1 : 0 }
      return (steps: steps, last: columns.t[count - 1])
    }
    guard let result else { return 0 }
    lastTime = result.last
    return result.steps
  }
}
