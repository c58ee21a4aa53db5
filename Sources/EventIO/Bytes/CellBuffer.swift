import CEventKernels

/// A block of events as places in a frame `[2, H, W]`: p·H·W + y·W + x.
///
/// This is all that counting needs, in a third of the bytes of ``EventBuffer``'s columns, and a
/// block stays in the first-level cache from the decoder to the frame.
package final class CellBuffer {
  /// The most events that a block holds.
  package static let capacity = 2048

  /// The sensor that every event must lie on.
  package let geometry: SensorGeometry
  /// How many events the block holds.
  package private(set) var count = 0
  /// The time of the first event in microseconds.
  package private(set) var firstTime: Int64 = 0
  /// The time of the last event in microseconds.
  package private(set) var lastTime = Int64.min
  /// How often a time was smaller than the one before, over all blocks so far.
  package private(set) var backwardSteps = 0

  private let cells = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)

  /// Creates an empty buffer for frames of a sensor.
  package init(geometry: SensorGeometry) { self.geometry = geometry }

  deinit { cells.deallocate() }

  /// Takes the next block.
  ///
  /// - Parameter decode: Stores the cells of `count` events.
  /// - Returns: What it found; nil if an event lies outside the sensor.
  func fill(
    _ count: Int,
    _ decode: (cevent_frame, UnsafeMutablePointer<UInt32>) -> cevent_cells
  ) -> cevent_cells? {
    precondition((1...Self.capacity).contains(count), "a block of \(count) events")
    let channel = UInt32(truncatingIfNeeded: geometry.width * geometry.height)
    let frame = cevent_frame(width: UInt32(geometry.width), channel: channel)
    let found = decode(frame, cells)
    guard found.largest_x < geometry.width, found.largest_y < geometry.height else { return nil }
    backwardSteps += found.backward_steps + (found.first < lastTime ? 1 : 0)
    firstTime = found.first
    lastTime = found.last
    self.count = count
    return found
  }

  /// Adds the block to a frame of 2·H·W counts.
  package func add(to frame: UnsafeMutablePointer<Int32>) {
    cevent_count_cells(cells, count, frame)
  }
}
