/// Hands out the events of one recording, chunk by chunk, in recording order.
public protocol EventReader {
  /// What is known about the recording.
  var header: RecordingHeader { get }

  /// What the reader has met so far.
  var report: ReadReport { get }

  /// Replaces `events` by the next chunk; returns false, with no events, after the last one.
  ///
  /// A chunk holds at least one event. Pass the same buffer again: its memory is reused.
  ///
  /// - Throws: ``RecordingError`` with the path and the place; the reader is then at its end.
  mutating func read(into events: inout EventBuffer) throws(RecordingError) -> Bool
}

extension EventReader {
  /// Reads all remaining events into one buffer.
  ///
  /// - Throws: ``RecordingError`` with the path and the place.
  /// - Complexity: O(events), and as much memory.
  public mutating func readAll() throws(RecordingError) -> EventBuffer {
    var all = EventBuffer()
    var chunk = EventBuffer()
    while try read(into: &chunk) {
      all.reserve(chunk.count)
      all.append(contentsOf: chunk)
    }
    return all
  }
}
