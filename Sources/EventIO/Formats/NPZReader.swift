/// Reads the four event columns of an NPZ archive side by side, a chunk at a time.
struct NPZReader: EventReader {
  let header: RecordingHeader
  private(set) var report = ReadReport()
  private let name: String
  private let t: NPYColumn
  private let x: NPYColumn
  private let y: NPYColumn
  private let p: NPYColumn
  private let eventsPerChunk: Int
  private var left: Int
  private var audit: EventAudit
  private var negativePolarities = 0

  init(_ archive: NPZArchive, name: String, options: ReadOptions) throws(RecordingError) {
    self.name = name
    eventsPerChunk = max(1, options.chunkBytes / 16)
    t = try NPYColumn("t", of: archive, block: eventsPerChunk)
    x = try NPYColumn("x", of: archive, block: eventsPerChunk)
    y = try NPYColumn("y", of: archive, block: eventsPerChunk)
    p = try NPYColumn("p", of: archive, block: eventsPerChunk)
    left = t.count
    guard x.count == left, y.count == left, p.count == left else {
      throw RecordingError(
        .corrupt,
        "the columns differ in length: t \(t.count), x \(x.count), y \(y.count), p \(p.count)"
      )
    }
    let told = options.geometry ?? options.camera?.geometry
    var header = RecordingHeader(
      format: NPZ.title,
      geometry: told ?? NPZ.defaultGeometry,
      geometrySource: options.geometry != nil
        ? .options : options.camera != nil ? .camera : .formatDefault,
      camera: options.camera?.name,
      maximumEvents: left
    )
    header.timestampType = t.type.timestampType
    if told == nil {
      header.warnings = ["the archive does not say its sensor; assumed \(NPZ.defaultGeometry)"]
    }
    self.header = header
    audit = EventAudit(header.geometry, strayEvents: options.strayEvents)
    report.warnings = header.warnings
  }

  mutating func read(into events: inout EventBuffer) throws(RecordingError) -> Bool {
    var sink = EventSink(reusing: &events)
    defer { sink.finish(into: &events) }
    do {
      while sink.count == 0 && left > 0 { try readChunk(into: &sink) }
      return sink.count > 0
    } catch {
      left = 0
      sink.keepFirst(0)
      throw error.at(name)
    }
  }

  private mutating func readChunk(into sink: inout EventSink) throws(RecordingError) {
    let count = min(left, eventsPerChunk)
    for column in [t, x, y, p] { try column.read(count) }
    try x.checkAddresses(count)
    try y.checkAddresses(count)
    let (t, x, y, p) = (t.values, x.values, y.values, p.values)
    var negative = 0
    sink.appendUnchecked(count) { columns in
      for index in 0..<count {
        columns.store(
          at: index,
          t: t[index],
          x: UInt16(truncatingIfNeeded: x[index]),
          y: UInt16(truncatingIfNeeded: y[index]),
          p: p[index] == 0 ? 0 : 1
        )
        negative &+= p[index] < 0 ? 1 : 0
      }
      return count
    }
    left -= count
    noteNegative(negative)
    try audit.check(&sink, report: &report)
  }

  /// SpikingJelly counts polarity −1 as ON; a file that has it means OFF, so this is said aloud.
  private mutating func noteNegative(_ count: Int) {
    if count > 0 && negativePolarities == 0 {
      report.warnings.append("polarity has negative values; they count as ON, as in SpikingJelly")
    }
    negativePolarities += count
  }
}
