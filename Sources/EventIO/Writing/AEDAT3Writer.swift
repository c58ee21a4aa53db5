/// Writes AEDAT 3.1 as the DVS128 Gesture recordings have it: polarity packets only.
public struct AEDAT3Writer: EventWriter {
  /// The camera that the header names.
  public var camera: String
  /// The start time that the header gives, as `2016-06-30 10:05:46 (TZ-0700)`.
  public var startTime: String
  /// The largest number of events in a packet.
  public var eventsPerPacket: Int
  private var encoded = 0

  /// Creates a writer; the start time is fixed, so that equal events give equal files.
  public init(
    camera: String = "DVS128",
    startTime: String = "1970-01-01 00:00:00 (TZ+0000)",
    eventsPerPacket: Int = 4096
  ) {
    precondition(eventsPerPacket > 0, "packets of \(eventsPerPacket) events")
    self.camera = camera
    self.startTime = startTime
    self.eventsPerPacket = eventsPerPacket
  }

  /// Five text lines, each ended by CR LF.
  public func header() -> [UInt8] {
    let lines = [
      "#!AER-DAT3.1", "#Format: RAW", "#Source 1: \(camera)", "#Start-Time: \(startTime)",
      "#!END-HEADER",
    ]
    return lines.flatMap { Array($0.utf8) + [0x0D, 0x0A] }
  }

  /// Packets of events that share the same 2³¹ µs.
  ///
  /// - Throws: ``RecordingError`` of kind `outOfRange` for t below 0 or from 2⁶² on, and for
  ///   addresses above 32767.
  public mutating func encode(_ events: EventBuffer) throws(RecordingError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(events.count * (AEDAT3.eventBytes + 1) + AEDAT3.packetHeaderBytes)
    var start = 0
    while start < events.count {
      let overflow = events.t[start] >> 31
      let limit = min(events.count, start + eventsPerPacket)
      let end = events.t[start..<limit].firstIndex { $0 >> 31 != overflow } ?? limit
      append(packetOf: end - start, overflow: overflow, to: &bytes)
      for index in start..<end { try append(events, index, to: &bytes) }
      start = end
    }
    encoded += events.count
    return bytes
  }

  private func append(packetOf count: Int, overflow: Int64, to bytes: inout [UInt8]) {
    let number = UInt32(truncatingIfNeeded: count)
    bytes.append(little: UInt16(1))
    bytes.append(little: UInt16(1))
    bytes.append(little: UInt32(AEDAT3.eventBytes))
    bytes.append(little: UInt32(4))
    bytes.append(little: UInt32(truncatingIfNeeded: overflow))
    for _ in 0..<3 { bytes.append(little: number) }
  }

  private func append(
    _ events: EventBuffer,
    _ index: Int,
    to bytes: inout [UInt8]
  ) throws(RecordingError) {
    let (t, x, y) = (events.t[index], events.x[index], events.y[index])
    try checkFits(t, 1 << 62, "t", AEDAT3.title, event: encoded + index)
    try checkFits(x, 1 << 15, "x", AEDAT3.title, event: encoded + index)
    try checkFits(y, 1 << 15, "y", AEDAT3.title, event: encoded + index)
    let data = UInt32(x) << 17 | UInt32(y) << 2 | UInt32(events.p[index].rawValue) << 1 | 1
    bytes.append(little: data)
    bytes.append(little: UInt32(t & 0x7FFF_FFFF))
  }
}
