/// Turns bytes into events; knows neither files nor chunks.
///
/// A decoder keeps state between calls, and gives the same events however the bytes are cut.
package protocol EventDecoder {
  /// Decodes every whole record ahead of the cursor and leaves an incomplete one unread.
  ///
  /// The reader puts the unread bytes in front of the next chunk.
  mutating func decode(
    _ bytes: inout ByteCursor,
    into events: inout EventSink,
    report: inout ReadReport
  ) throws(RecordingError)

  /// Judges the end of the content; the cursor stands before the bytes that were left unread.
  func finish(_ rest: ByteCursor) throws(RecordingError)

  /// What the user should know once everything has been read; one sentence each.
  func remarks(_ report: ReadReport) -> [String]
}

extension EventDecoder {
  package func remarks(_ report: ReadReport) -> [String] { [] }
}
