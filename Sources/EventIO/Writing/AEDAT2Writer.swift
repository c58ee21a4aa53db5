/// Writes AEDAT 2.0 by an address layout, such as CIFAR10-DVS has it.
public struct AEDAT2Writer: EventWriter {
  /// Where the coordinates and the polarity go.
  public var layout: AddressLayout
  /// The creation time that the header gives.
  public var startTime: String
  private var encoded = 0

  /// Creates a writer; the start time is fixed, so that equal events give equal files.
  public init(
    layout: AddressLayout = .dvs128,
    startTime: String = "Thu Jan 01 00:00:00 UTC 1970"
  ) {
    self.layout = layout
    self.startTime = startTime
  }

  /// Text lines, each ended by CR LF; with an end mark where an event may start with `#`.
  public func header() -> [UInt8] {
    var lines = [
      "#!AER-DAT2.0", "# This is a raw AE data file - do not edit",
      "# Data format is int32 address, int32 timestamp (8 bytes total), repeated for each event",
      "# Timestamps tick is 1 us", "# created \(startTime)",
    ]
    if let chip = layout.chipClass { lines.append("# AEChip: \(chip)") }
    if layout.usesTopByte { lines.append("#End Of ASCII Header") }
    return lines.flatMap { Array($0.utf8) + [0x0D, 0x0A] }
  }

  /// Eight bytes an event.
  ///
  /// - Throws: ``RecordingError`` of kind `outOfRange` for t outside 32 bits, and for addresses
  ///   outside the layout's sensor.
  public mutating func encode(_ events: EventBuffer) throws(RecordingError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(events.count * AEDAT2.recordBytes)
    for index in 0..<events.count {
      let event = encoded + index
      try checkFits(events.t[index], 1 << 32, "t", AEDAT2.title, event: event)
      try checkFits(events.x[index], layout.geometry.width, "x", layout.name, event: event)
      try checkFits(events.y[index], layout.geometry.height, "y", layout.name, event: event)
      bytes.append(
        big: layout.address(x: events.x[index], y: events.y[index], p: events.p[index])
      )
      bytes.append(big: UInt32(truncatingIfNeeded: events.t[index]))
    }
    encoded += events.count
    return bytes
  }
}
