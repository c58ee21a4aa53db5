import EventIO

/// What the integrator does with an event outside the sensor.
public enum StrayEventRule: String, Hashable, Codable, Sendable {
  /// The first one is an error.
  case reject
  /// It is left out of its frame and counted.
  case drop
}

/// Counts events per polarity and pixel: the hot loop.
///
/// Addresses are checked in blocks that stay in the first-level cache, so that the counting itself
/// runs unchecked.
public struct FrameIntegrator: Sendable {
  /// The sensor that every event must lie on.
  public let geometry: SensorGeometry
  /// What happens to events outside the sensor.
  public let strayEvents: StrayEventRule

  /// Events that are checked, then counted, at a time.
  private static let blockSize = 2048

  /// Creates an integrator.
  public init(geometry: SensorGeometry, strayEvents: StrayEventRule = .reject) {
    self.geometry = geometry
    self.strayEvents = strayEvents
  }

  /// Makes one frame per slice.
  ///
  /// - Parameters:
  ///   - events: The recording that `slices` was made from.
  ///   - slices: Ranges of event indices; an empty range gives an empty frame.
  ///   - stack: Receives counts `[T, 2, H, W]`; its memory is reused.
  /// - Returns: How many events were dropped because they lie outside the sensor.
  /// - Throws: ``FramingError`` naming the first event outside the sensor, or `tooLarge`.
  /// - Complexity: O(events + T·2·H·W).
  @discardableResult
  public func integrate(
    _ events: EventBuffer,
    _ slices: SliceIndex,
    into stack: inout FrameStack
  ) throws(FramingError) -> Int {
    precondition(
      slices.eventCount == events.count,
      "slices of \(slices.eventCount), not \(events.count) events"
    )
    try stack.reset(frameCount: slices.count, geometry: geometry)
    var dropped = 0
    for (frame, run) in slices.ranges.enumerated() {
      dropped += try add(events, run, to: &stack, frame: frame)
    }
    return dropped
  }

  /// Makes one frame per slice in a new stack.
  public func integrate(
    _ events: EventBuffer,
    _ slices: SliceIndex
  ) throws(FramingError) -> FrameStack {
    var stack = try FrameStack(frameCount: 0, geometry: geometry)
    try integrate(events, slices, into: &stack)
    return stack
  }

  /// Adds a run of events to one frame.
  ///
  /// - Parameter firstIndex: The index in the recording of event 0 of `events`, for messages.
  /// - Returns: How many events were dropped.
  func add(
    _ events: EventBuffer,
    _ run: Range<Int>,
    to stack: inout FrameStack,
    frame: Int,
    firstIndex: Int = 0
  ) throws(FramingError) -> Int {
    precondition(stack.geometry == geometry, "a stack of \(stack.geometry), not of \(geometry)")
    precondition(
      run.lowerBound >= 0 && run.upperBound <= events.count && frame < stack.frameCount
        && frame >= 0
    )
    let offset = frame * stack.frameSize
    let outcome = events.withColumns { x, y, p in
      stack.counts.withUnsafeMutableBufferPointer { counts in
        count(Columns(x: x, y: y, p: p), run, into: counts.baseAddress.map { $0 + offset })
      }
    }
    if let stray = outcome.stray {
      let (x, y) = (events.x[stray], events.y[stray])
      throw FramingError(
        .strayEvent,
        "x = \(x), y = \(y) is outside the \(geometry) sensor; "
          + "pass --geometry if the camera differs",
        place: "event \(firstIndex + stray)"
      )
    }
    return outcome.dropped
  }

  // MARK: The loop

  private struct Columns {
    let x: UnsafeBufferPointer<UInt16>
    let y: UnsafeBufferPointer<UInt16>
    let p: UnsafeBufferPointer<Polarity>
  }

  private func count(
    _ columns: Columns,
    _ run: Range<Int>,
    into frame: UnsafeMutablePointer<Int32>?
  ) -> (dropped: Int, stray: Int?) {
    guard let frame else { return (0, nil) }
    var dropped = 0
    var start = run.lowerBound
    while start < run.upperBound {
      let block = start..<min(run.upperBound, start + Self.blockSize)
      if isInside(columns, block) {
        countUnchecked(columns, block, into: frame)
      } else {
        for index in block {
          if geometry.contains(x: columns.x[index], y: columns.y[index]) {
            countUnchecked(columns, index..<index + 1, into: frame)
          } else if strayEvents == .drop {
            dropped += 1
          } else {
            return (dropped, index)
          }
        }
      }
      start = block.upperBound
    }
    return (dropped, nil)
  }

  @inline(__always)
  private func isInside(_ columns: Columns, _ block: Range<Int>) -> Bool {
    var largestX: UInt16 = 0
    var largestY: UInt16 = 0
    guard let x = columns.x.baseAddress, let y = columns.y.baseAddress else { return true }
    for index in block {
      largestX = max(largestX, x[index])
      largestY = max(largestY, y[index])
    }
    return geometry.contains(x: largestX, y: largestY)
  }

  @inline(__always)
  private func countUnchecked(
    _ columns: Columns,
    _ block: Range<Int>,
    into frame: UnsafeMutablePointer<Int32>
  ) {
    guard let x = columns.x.baseAddress, let y = columns.y.baseAddress,
      let p = columns.p.baseAddress
    else { return }
    let width = geometry.width
    let channel = width &* geometry.height
    for index in block {
      let pixel = Int(y[index]) &* width &+ Int(x[index])
      frame[Int(p[index].rawValue) &* channel &+ pixel] &+= 1
    }
  }
}

extension EventBuffer {
  /// Opens the address columns for the loop.
  @inline(__always)
  fileprivate func withColumns<Result>(
    _ body: (
      UnsafeBufferPointer<UInt16>, UnsafeBufferPointer<UInt16>, UnsafeBufferPointer<Polarity>
    ) -> Result
  ) -> Result {
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        p.withUnsafeBufferPointer { p in body(x, y, p) }
      }
    }
  }
}
