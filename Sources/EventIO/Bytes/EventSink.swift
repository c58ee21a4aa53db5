import CEventKernels

/// The columns of an event buffer while it is being refilled.
///
/// Old events are overwritten, not erased first: clearing memory costs as much as decoding.
package struct EventSink {
  private var t: [Int64] = []
  private var x: [UInt16] = []
  private var y: [UInt16] = []
  private var p: [Polarity] = []
  /// How many events have been appended.
  package private(set) var count = 0

  /// Takes the memory of a buffer, which is empty afterwards.
  package init(reusing buffer: inout EventBuffer) {
    buffer.exchangeColumns(&t, &x, &y, &p)
  }

  /// Ends the refilling: the events go to `buffer`, and the sink is empty.
  package mutating func finish(into buffer: inout EventBuffer) {
    let surplus = t.count - count
    t.removeLast(surplus)
    x.removeLast(surplus)
    y.removeLast(surplus)
    p.removeLast(surplus)
    count = 0
    buffer.exchangeColumns(&t, &x, &y, &p)
  }

  /// Appends up to `limit` events that `write` stores, without a check per event.
  ///
  /// - Parameter write: Gets room for `limit` events; stores events from index 0 on and returns
  ///   how many it stored.
  package mutating func appendUnchecked(_ limit: Int, _ write: (EventColumns) -> Int) {
    guard limit > 0 else { return }
    grow(to: count + limit)
    let start = count
    let written = withColumns { write($0.advanced(by: start)) }
    precondition(written >= 0 && written <= limit, "\(written) of \(limit) events written")
    count += written
  }

  /// Keeps only the first `count` events.
  package mutating func keepFirst(_ count: Int) {
    precondition(count >= 0 && count <= self.count, "keep \(count) of \(self.count) events")
    self.count = count
  }

  /// Looks at or changes the events appended so far; nil if there are none.
  package mutating func withEvents<R>(_ body: (EventColumns) -> R) -> R? {
    count > 0 ? withColumns(body) : nil
  }

  private mutating func grow(to needed: Int) {
    let missing = needed - t.count
    guard missing > 0 else { return }
    t.append(contentsOf: repeatElement(0, count: missing))
    x.append(contentsOf: repeatElement(0, count: missing))
    y.append(contentsOf: repeatElement(0, count: missing))
    p.append(contentsOf: repeatElement(.off, count: missing))
  }

  /// The columns must not be empty, so that all four have an address.
  private mutating func withColumns<R>(_ body: (EventColumns) -> R) -> R {
    t.withUnsafeMutableBufferPointer { t in
      x.withUnsafeMutableBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          p.withUnsafeMutableBufferPointer { p in
            body(
              EventColumns(
                t: t.baseAddress.unsafelyUnwrapped,
                x: x.baseAddress.unsafelyUnwrapped,
                y: y.baseAddress.unsafelyUnwrapped,
                p: UnsafeMutableRawPointer(p.baseAddress.unsafelyUnwrapped)
              )
            )
          }
        }
      }
    }
  }
}

/// Where the four columns of some events lie; no access is checked.
package struct EventColumns {
  package let t: UnsafeMutablePointer<Int64>
  package let x: UnsafeMutablePointer<UInt16>
  package let y: UnsafeMutablePointer<UInt16>
  /// Polarities as their raw values, which are also their bytes in memory.
  package let p: UnsafeMutablePointer<UInt8>

  fileprivate init(
    t: UnsafeMutablePointer<Int64>,
    x: UnsafeMutablePointer<UInt16>,
    y: UnsafeMutablePointer<UInt16>,
    p: UnsafeMutableRawPointer
  ) {
    self.t = t
    self.x = x
    self.y = y
    self.p = p.assumingMemoryBound(to: UInt8.self)
  }

  /// The same places, for a loop in C.
  var forKernel: cevent_columns { cevent_columns(t: t, x: x, y: y, p: p) }

  fileprivate func advanced(by count: Int) -> EventColumns {
    EventColumns(t: t + count, x: x + count, y: y + count, p: UnsafeMutableRawPointer(p + count))
  }

  /// Stores one event; `p` is 0 for OFF and 1 for ON, nothing else.
  @inline(__always)
  package func store(at index: Int, t: Int64, x: UInt16, y: UInt16, p: UInt8) {
    self.t[index] = t
    self.x[index] = x
    self.y[index] = y
    self.p[index] = p
  }

  /// Copies one event to another place.
  @inline(__always)
  package func move(from source: Int, to target: Int) {
    store(at: target, t: t[source], x: x[source], y: y[source], p: p[source])
  }
}
