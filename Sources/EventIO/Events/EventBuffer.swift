/// Events as a structure of arrays, one entry per event in each column.
///
/// The four columns always have the same length and keep recording order.
public struct EventBuffer: Sendable, Equatable {
  /// Timestamps in microseconds.
  public private(set) var t: [Int64]
  /// Columns of the sensor, 0 at the left.
  public private(set) var x: [UInt16]
  /// Rows of the sensor, 0 at the top.
  public private(set) var y: [UInt16]
  /// Signs of the brightness changes.
  public private(set) var p: [Polarity]

  /// Creates an empty buffer.
  public init() {
    t = []
    x = []
    y = []
    p = []
  }

  /// Creates a buffer from four columns of equal length.
  public init(t: [Int64], x: [UInt16], y: [UInt16], p: [Polarity]) {
    precondition(
      t.count == x.count && t.count == y.count && t.count == p.count,
      "columns differ in length: t \(t.count), x \(x.count), y \(y.count), p \(p.count)"
    )
    self.t = t
    self.x = x
    self.y = y
    self.p = p
  }

  /// The number of events.
  public var count: Int { t.count }

  /// Whether there is no event.
  public var isEmpty: Bool { t.isEmpty }

  /// Makes room for `additional` more events.
  ///
  /// Growth stays geometric, so calling this before every chunk costs amortised O(1) an event.
  public mutating func reserve(_ additional: Int) {
    let needed = count + additional
    guard needed > t.capacity else { return }
    let capacity = max(needed, 2 * t.capacity)
    t.reserveCapacity(capacity)
    x.reserveCapacity(capacity)
    y.reserveCapacity(capacity)
    p.reserveCapacity(capacity)
    t.withUnsafeMutableBytes { LargePages.advise($0.baseAddress, byteCount: 8 * capacity) }
    x.withUnsafeMutableBytes { LargePages.advise($0.baseAddress, byteCount: 2 * capacity) }
    y.withUnsafeMutableBytes { LargePages.advise($0.baseAddress, byteCount: 2 * capacity) }
    p.withUnsafeMutableBytes { LargePages.advise($0.baseAddress, byteCount: capacity) }
  }

  /// Appends one event.
  public mutating func append(t: Int64, x: UInt16, y: UInt16, p: Polarity) {
    self.t.append(t)
    self.x.append(x)
    self.y.append(y)
    self.p.append(p)
  }

  /// Appends all events of another buffer.
  public mutating func append(contentsOf other: EventBuffer) {
    append(contentsOf: other, in: 0..<other.count)
  }

  /// Appends a range of another buffer's events.
  public mutating func append(contentsOf other: EventBuffer, in range: Range<Int>) {
    t.append(contentsOf: other.t[range])
    x.append(contentsOf: other.x[range])
    y.append(contentsOf: other.y[range])
    p.append(contentsOf: other.p[range])
  }

  /// Removes all events and keeps the memory.
  public mutating func removeAll() {
    t.removeAll(keepingCapacity: true)
    x.removeAll(keepingCapacity: true)
    y.removeAll(keepingCapacity: true)
    p.removeAll(keepingCapacity: true)
  }

  /// The events of a range, as a buffer of its own.
  public subscript(range: Range<Int>) -> EventBuffer {
    EventBuffer(t: Array(t[range]), x: Array(x[range]), y: Array(y[range]), p: Array(p[range]))
  }

  /// The number of times that a timestamp is smaller than the one before it.
  public var backwardSteps: Int {
    var steps = 0
    for index in t.indices.dropFirst() where t[index] < t[index - 1] { steps += 1 }
    return steps
  }

  /// Trades the columns with others of equal length; for ``EventSink``.
  mutating func exchangeColumns(
    _ t: inout [Int64],
    _ x: inout [UInt16],
    _ y: inout [UInt16],
    _ p: inout [Polarity]
  ) {
    precondition(t.count == x.count && t.count == y.count && t.count == p.count)
    swap(&self.t, &t)
    swap(&self.x, &x)
    swap(&self.y, &y)
    swap(&self.p, &p)
  }
}
