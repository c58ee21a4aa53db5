import CEventKernels

/// Hands out the events of a recording as cells of a frame, for counting at full speed.
///
/// It serves ordinary recordings only: the number of events is known beforehand, all are valid and
/// on the sensor. At anything else it gives up, and the recording has to be opened again and read
/// as events, which also says what is wrong.
package protocol CellReader {
  /// The number of events, before the first is read; nil if only reading can tell.
  func countEvents() -> Int?

  /// Replaces the block by the next one of at most `limit` events.
  ///
  /// - Returns: The number of events, 0 after the last; nil at anything out of the ordinary.
  mutating func read(_ limit: Int, into block: CellBuffer) -> Int?
}

/// A decoder whose records give cells as well as events.
protocol CellDecoder: EventDecoder {
  /// The number of events in a content whose records start at an offset, if all are ordinary.
  func countEvents(in content: SeekableBytes, from offset: Int) throws(RecordingError) -> Int?

  /// Decodes at most `limit` whole records ahead of the cursor.
  ///
  /// - Returns: Their number, 0 if more bytes are needed; nil if one is out of the ordinary.
  mutating func decode(
    _ bytes: inout ByteCursor,
    _ limit: Int,
    into block: CellBuffer,
    report: inout ReadReport
  ) throws(RecordingError) -> Int?
}

extension CellBuffer {
  /// Takes at most `limit` whole records of one size ahead of a cursor.
  ///
  /// - Parameter decode: Stores the cells of some records.
  /// - Returns: The number of records, 0 if more bytes are needed, and what was found in them; nil
  ///   if an event lies outside the sensor.
  func fill(
    _ limit: Int,
    from bytes: inout ByteCursor,
    recordBytes: Int,
    _ decode: (
      UnsafePointer<UInt8>?, Int, cevent_frame, UnsafeMutablePointer<UInt32>
    ) -> cevent_cells
  ) -> (count: Int, found: cevent_cells)? {
    let count = min(limit, bytes.wholeRecords(of: recordBytes))
    guard count > 0 else { return (0, cevent_cells()) }
    let run = bytes.take(count * recordBytes)
    return fill(count) { decode(run.start, count, $0, $1) }.map { (count, $0) }
  }
}

extension StreamReader: CellReader where Decoder: CellDecoder {
  func countEvents() -> Int? {
    guard let content = window.scan() else { return nil }
    return try? decoder.countEvents(in: content, from: window.offset)
  }

  mutating func read(_ limit: Int, into block: CellBuffer) -> Int? {
    do {
      while true {
        var cursor = window.cursor
        let count = try decoder.decode(&cursor, limit, into: block, report: &report)
        window.drop(cursor.offset - window.offset)
        guard let count else { return nil }
        if count > 0 {
          report.events += count
          report.backwardSteps = block.backwardSteps
          return count
        }
        if try !window.refill() {
          try decoder.finish(window.cursor)
          report.warnings += decoder.remarks(report)
          return 0
        }
      }
    } catch {
      return nil
    }
  }
}
