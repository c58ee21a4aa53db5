import EventIO

extension FrameIntegrator {
  /// Counts a recording into frames of equal numbers of events while it is being read.
  ///
  /// Events go from the file's bytes to the frame block by block, within the first-level cache, and
  /// are never held in memory.
  ///
  /// - Parameters:
  ///   - reader: Stands before its first event.
  ///   - frames: The number of frames.
  ///   - stack: Receives the counts; its memory is reused.
  /// - Returns: The slices, and what the reader met; nil if the recording is not an ordinary one,
  ///   whose number of events is known beforehand and whose events are all valid and on the sensor.
  ///   It must then be opened again and read as events.
  /// - Throws: ``FramingError`` of kind `tooLarge`, or `CancellationError`.
  public func stream(
    _ reader: any EventReader,
    frames: Int,
    into stack: inout FrameStack
  ) throws -> (slices: SliceTable, report: ReadReport)? {
    guard reader.header.geometry == geometry, var cells = reader as? any CellReader & EventReader,
      let eventCount = cells.countEvents()
    else { return nil }
    try stack.reset(frameCount: frames, geometry: geometry)
    let block = CellBuffer(geometry: geometry)
    var slices = SliceTable()
    for (frame, range) in SliceIndex.equalCount(frames: frames, eventCount: eventCount).ranges
      .enumerated()
    {
      try Task.checkCancellation()
      guard let times = add(range.count, &cells, block, to: &stack, frame: frame) else {
        return nil
      }
      slices.events.append(Int64(range.count))
      slices.start.append(times.first)
      slices.end.append(times.last)
    }
    // There must be no more events, and the recording must end where it should.
    guard cells.read(1, into: block) == 0 else { return nil }
    return (slices, cells.report)
  }

  /// Adds the next events to a frame, and says when the first and the last were.
  private func add(
    _ count: Int,
    _ cells: inout any CellReader & EventReader,
    _ block: CellBuffer,
    to stack: inout FrameStack,
    frame: Int
  ) -> (first: Int64, last: Int64)? {
    var times: (first: Int64, last: Int64) = (-1, -1)
    var left = count
    let offset = frame * stack.frameSize
    while left > 0 {
      guard let taken = cells.read(min(left, CellBuffer.capacity), into: block), taken > 0 else {
        return nil
      }
      stack.counts.withUnsafeMutableBufferPointer { counts in
        if let start = counts.baseAddress { block.add(to: start + offset) }
      }
      if left == count { times.first = block.firstTime }
      times.last = block.lastTime
      left -= taken
    }
    return times
  }
}
