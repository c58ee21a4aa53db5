/// Turns any decoder into a reader: fetches chunks, checks addresses, counts what is odd.
struct StreamReader<Decoder: EventDecoder>: EventReader {
  let header: RecordingHeader
  var report = ReadReport()
  private let name: String
  let window: ByteWindow
  var decoder: Decoder
  private var audit: EventAudit
  private var isAtEnd = false

  /// Reads on from a window, whose held bytes come first.
  init(
    _ window: ByteWindow,
    name: String,
    header: RecordingHeader,
    decoder: Decoder,
    options: ReadOptions
  ) {
    self.window = window
    self.name = name
    self.header = header
    self.decoder = decoder
    audit = EventAudit(header.geometry, strayEvents: options.strayEvents)
    report.warnings = header.warnings
  }

  mutating func read(into events: inout EventBuffer) throws(RecordingError) -> Bool {
    var sink = EventSink(reusing: &events)
    defer { sink.finish(into: &events) }
    do {
      while sink.count == 0 && !isAtEnd { try decodeChunk(into: &sink) }
      return sink.count > 0
    } catch {
      isAtEnd = true
      sink.keepFirst(0)
      throw error.at(name)
    }
  }

  private mutating func decodeChunk(into sink: inout EventSink) throws(RecordingError) {
    let hasMore = try window.refill()
    var cursor = window.cursor
    try decoder.decode(&cursor, into: &sink, report: &report)
    try audit.check(&sink, report: &report)
    window.drop(cursor.offset - window.offset)
    if !hasMore {
      isAtEnd = true
      try decoder.finish(window.cursor)
      report.warnings += decoder.remarks(report)
    }
  }
}
