import EventIO

/// A recording that is too long to be held in memory: every question about it reads it once more.
struct LongRecording {
  /// Opens the recording before its first event.
  let open: () throws -> any EventReader

  /// What one pass over some events finds.
  struct Facts {
    /// The number of events.
    var count = 0
    /// The time of the first, the last and the earliest event.
    var first: Int64 = 0
    var last: Int64 = 0
    var earliest = Int64.max
    /// Whether no timestamp is smaller than the one before it.
    var isSorted = true

    fileprivate mutating func add(_ events: EventBuffer, isSorted isInOrder: Bool) {
      guard let start = events.t.first, let end = events.t.last else { return }
      isSorted = isSorted && isInOrder && (count == 0 || start >= last)
      if count == 0 { first = start }
      last = end
      earliest = min(earliest, isSorted ? first : events.t.min() ?? first)
      count += events.count
    }
  }

  /// Hands over the events of a stretch of time, or all, some at a time.
  ///
  /// - Parameter body: Gets events and the index of the first among those that are handed over.
  /// - Returns: The reader after its last event.
  @discardableResult
  func forEachChunk(
    in window: Range<Int64>?,
    _ body: (EventBuffer, Int) throws -> Void
  ) throws -> any EventReader {
    var reader = try open()
    var chunk = EventBuffer()
    var inside = EventBuffer()
    var index = 0
    while try reader.read(into: &chunk) {
      try Task.checkCancellation()
      guard let window else {
        try body(chunk, index)
        index += chunk.count
        continue
      }
      chunk.copy(window, into: &inside, isSorted: chunk.backwardSteps == 0)
      if inside.isEmpty { continue }
      try body(inside, index)
      index += inside.count
    }
    return reader
  }

  /// Reads the recording once and finds the facts of all events, and of each of some windows.
  func survey(
    _ windows: [Range<Int64>?]
  ) throws -> (reader: any EventReader, facts: [Facts]) {
    var facts = [Facts](repeating: Facts(), count: windows.count)
    var inside = EventBuffer()
    let reader = try forEachChunk(in: nil) { chunk, _ in
      let isSorted = chunk.backwardSteps == 0
      for (index, window) in windows.enumerated() {
        if let window {
          chunk.copy(window, into: &inside, isSorted: isSorted)
          facts[index].add(inside, isSorted: isSorted || inside.backwardSteps == 0)
        } else {
          facts[index].add(chunk, isSorted: isSorted)
        }
      }
    }
    return (reader, facts)
  }

  /// Reads the recording once and keeps the events of some windows.
  func collect(_ windows: [Range<Int64>?]) throws -> [EventBuffer] {
    var buffers = [EventBuffer](repeating: EventBuffer(), count: windows.count)
    var inside = EventBuffer()
    try forEachChunk(in: nil) { chunk, _ in
      let isSorted = chunk.backwardSteps == 0
      for (index, window) in windows.enumerated() {
        guard let window else {
          buffers[index].append(contentsOf: chunk)
          continue
        }
        chunk.copy(window, into: &inside, isSorted: isSorted)
        buffers[index].append(contentsOf: inside)
      }
    }
    return buffers
  }
}

extension LongRecording {
  /// Cuts the events of a window without holding them.
  ///
  /// - Returns: nil where the cut needs all timestamps at once: by time, if they are not in order.
  func slices(
    of facts: Facts,
    in window: Range<Int64>?,
    _ slicing: Slicing,
    _ type: TimestampType
  ) throws -> SliceIndex? {
    switch slicing {
    case .equalCount(let frames): return .equalCount(frames: frames, eventCount: facts.count)
    case .eventsPerFrame(let size): return .eventsPerFrame(size, eventCount: facts.count)
    case .microsecondsPerFrame(let duration, .firstEvent):
      var cut = FirstEventCut(duration: duration, type)
      try forEachChunk(in: window) { chunk, _ in cut.add(chunk.t) }
      return cut.finish()
    case .equalDuration, .microsecondsPerFrame(_, .grid):
      guard facts.isSorted, facts.count > 0,
        let bounds = try TimeBounds(slicing, from: facts.first, to: facts.last, type)
      else { return nil }
      var counter = BoundCounter(bounds.times)
      try forEachChunk(in: window) { chunk, index in counter.add(chunk.t, at: index) }
      return bounds.slices(counter.finish(facts.count), eventCount: facts.count)
    }
  }

  /// Finds the times of the first and last event of consecutive slices.
  func table(_ slices: SliceIndex, in window: Range<Int64>?) throws -> SliceTable {
    var table = SliceTable()
    table.events = slices.ranges.map { Int64($0.count) }
    table.start = slices.ranges.map { _ in -1 }
    table.end = table.start
    var next = 0
    try forEachChunk(in: window) { chunk, index in
      let held = index..<index + chunk.count
      while next < slices.count {
        let range = slices.ranges[next]
        if !range.isEmpty {
          if held.contains(range.lowerBound) {
            table.start[next] = chunk.t[range.lowerBound - index]
          }
          guard range.upperBound <= held.upperBound else { break }
          table.end[next] = chunk.t[range.upperBound - 1 - index]
        }
        next += 1
      }
    }
    return table
  }

  /// Counts the events of consecutive slices, and hands over the frames some at a time.
  func integrate(
    _ slices: SliceIndex,
    in window: Range<Int64>?,
    _ integrator: FrameIntegrator,
    _ stack: inout FrameStack,
    _ body: (FrameStack) throws -> Void
  ) throws {
    var parts = FrameStack.parts(of: slices.count, geometry: integrator.geometry)[...]
    guard var part = parts.popFirst() else { return }
    try stack.reset(frameCount: part.count, geometry: integrator.geometry)
    var next = 0
    /// Goes on to the next slice; nil after the last.
    func advance() throws {
      next += 1
      guard next == part.upperBound else { return }
      try body(stack)
      guard let following = parts.popFirst() else { return }
      part = following
      try stack.reset(frameCount: part.count, geometry: integrator.geometry)
    }
    try forEachChunk(in: window) { chunk, index in
      let end = index + chunk.count
      while next < slices.count {
        let range = slices.ranges[next]
        let run = max(range.lowerBound, index)..<max(index, min(range.upperBound, end))
        if !range.isEmpty && run.lowerBound < run.upperBound {
          let local = run.lowerBound - index..<run.upperBound - index
          _ = try integrator.add(
            chunk,
            local,
            to: &stack,
            frame: next - part.lowerBound,
            firstIndex: index
          )
        }
        guard range.isEmpty || range.upperBound <= end else { break }
        try advance()
      }
    }
    while next < slices.count { try advance() }
  }
}

extension EventBuffer {
  /// Replaces a buffer's events by those of a stretch of time; `start <= t < end`.
  ///
  /// - Parameter isSorted: Whether no timestamp of this buffer is smaller than the one before it.
  func copy(_ window: Range<Int64>, into inside: inout EventBuffer, isSorted: Bool) {
    inside.removeAll()
    inside.append(contentsOf: self, from: window, isSorted: isSorted)
  }

  /// Appends those of another buffer's events that lie in a stretch of time; `start <= t < end`.
  ///
  /// - Parameter isSorted: Whether no timestamp of `other` is smaller than the one before it.
  mutating func append(
    contentsOf other: EventBuffer,
    from window: Range<Int64>,
    isSorted: Bool
  ) {
    guard let first = other.t.first, let last = other.t.last else { return }
    if isSorted {
      guard last >= window.lowerBound, first < window.upperBound else { return }
      let start = bisect(other.t) { $0 < window.lowerBound }
      let end = bisect(other.t) { $0 < window.upperBound }
      append(contentsOf: other, in: start..<max(start, end))
    } else {
      for index in 0..<other.count where window.contains(other.t[index]) {
        append(t: other.t[index], x: other.x[index], y: other.y[index], p: other.p[index])
      }
    }
  }
}
