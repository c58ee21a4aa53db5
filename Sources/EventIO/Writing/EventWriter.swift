/// Turns events into the bytes of a recording; the mirror of ``EventReader``.
public protocol EventWriter {
  /// The bytes in front of the first event.
  func header() -> [UInt8]

  /// The bytes of the next events; whole packets or records.
  ///
  /// - Throws: ``RecordingError`` of kind `outOfRange` naming the first event that the format
  ///   cannot hold; its index counts from the first event ever encoded.
  mutating func encode(_ events: EventBuffer) throws(RecordingError) -> [UInt8]
}

extension EventWriter {
  /// The bytes of a whole recording.
  ///
  /// - Throws: ``RecordingError`` of kind `outOfRange`.
  public func recording(of events: EventBuffer) throws(RecordingError) -> [UInt8] {
    var writer = self
    return header() + (try writer.encode(events))
  }

  /// Writes a whole recording to a file, which appears only once it is complete.
  ///
  /// - Throws: ``RecordingError`` of kind `outOfRange` or `inputOutput`, with the path.
  public func write(_ events: EventBuffer, to path: String) throws(RecordingError) {
    do throws(RecordingError) {
      let bytes = try recording(of: events)
      let file = try OutputFile(path: path)
      try file.write(bytes)
      try file.finish()
    } catch {
      throw error.at(path)
    }
  }
}

/// Checks that a number fits its place in a format.
func checkFits<T: BinaryInteger>(
  _ value: T,
  _ limit: Int,
  _ name: String,
  _ format: String,
  event: Int
) throws(RecordingError) {
  guard value >= 0, value < limit else {
    throw RecordingError(
      .outOfRange,
      "\(name) = \(value) does not fit \(format); expected 0 to \(limit - 1)",
      eventIndex: event
    )
  }
}
