import CEventKernels

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
    guard events.count > 0 else { return }
    let decoded = events.count
    var summary = summarize(&events)
    if Int(summary.largest_x) >= geometry.width || Int(summary.largest_y) >= geometry.height {
      if strayEvents == .reject { throw firstStray(in: &events) }
      report.strayEvents += countStrays(in: &events)
      if strayEvents == .drop {
        dropStrays(from: &events)
        summary = summarize(&events)
      }
    }
    seen += decoded
    report.events += events.count
    report.backwardSteps += summary.backward_steps
    let count = events.count
    lastTime = events.withEvents { $0.t[count - 1] } ?? lastTime
  }

  private func summarize(_ events: inout EventSink) -> cevent_summary {
    let count = events.count
    return events.withEvents { cevent_summarize($0.forKernel, count, lastTime) } ?? cevent_summary()
  }

  private func countStrays(in events: inout EventSink) -> Int {
    let count = events.count
    return events.withEvents { columns in
      (0..<count).count { !geometry.contains(x: columns.x[$0], y: columns.y[$0]) }
    } ?? 0
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
}
