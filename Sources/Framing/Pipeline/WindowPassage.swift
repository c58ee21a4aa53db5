import EventIO

/// Cuts disjoint stretches of time out of a recording while it passes once, from front to back.
///
/// Only the events of one stretch are held at a time. Timestamps must be in order.
struct WindowPassage {
  private let windows: [Range<Int64>]
  private let limit: Int
  private var next = 0

  /// Prepares the passage; nil unless each window begins where the one before it has ended.
  ///
  /// - Parameter limit: How many events of a window may be held.
  init?(_ windows: [Range<Int64>], limit: Int) {
    guard zip(windows, windows.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
      return nil
    }
    self.windows = windows
    self.limit = limit
  }

  /// Takes the next events.
  ///
  /// - Parameters:
  ///   - held: The events so far of the window that is under way; the same buffer every time.
  ///   - body: Gets each window that has ended, and its events.
  /// - Returns: false if a window holds more events than may be held.
  mutating func add(
    _ chunk: EventBuffer,
    _ held: inout EventBuffer,
    _ body: (Int, EventBuffer) throws -> Void
  ) throws -> Bool {
    guard let end = chunk.t.last else { return true }
    while next < windows.count, windows[next].lowerBound <= end {
      held.append(contentsOf: chunk, from: windows[next], isSorted: true)
      guard held.count <= limit else { return false }
      guard end >= windows[next].upperBound else { break }
      try close(&held, body)
    }
    return true
  }

  /// Hands over the windows that reach beyond the last event.
  mutating func finish(
    _ held: inout EventBuffer,
    _ body: (Int, EventBuffer) throws -> Void
  ) throws {
    while next < windows.count { try close(&held, body) }
  }

  private mutating func close(
    _ held: inout EventBuffer,
    _ body: (Int, EventBuffer) throws -> Void
  ) throws {
    try body(next, held)
    held.removeAll()
    next += 1
  }
}
