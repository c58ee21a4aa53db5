/// Writes ATIS 40-bit records, such as N-MNIST has them.
public struct ATISWriter: EventWriter {
  private var encoded = 0

  /// Creates a writer.
  public init() {}

  /// Nothing: the format has no header.
  public func header() -> [UInt8] { [] }

  /// Five bytes an event.
  ///
  /// - Throws: ``RecordingError`` of kind `outOfRange` for t outside 23 bits, and for addresses
  ///   above 255.
  public mutating func encode(_ events: EventBuffer) throws(RecordingError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(events.count * ATISBin.recordBytes)
    for index in 0..<events.count {
      let (t, x, y) = (events.t[index], events.x[index], events.y[index])
      try checkFits(t, 1 << 23, "t", ATISBin.title, event: encoded + index)
      try checkFits(x, 1 << 8, "x", ATISBin.title, event: encoded + index)
      try checkFits(y, 1 << 8, "y", ATISBin.title, event: encoded + index)
      let low = UInt32(t) | UInt32(events.p[index].rawValue) << 23
      bytes.append(UInt8(x))
      bytes.append(big: UInt32(y) << 24 | low)
    }
    encoded += events.count
    return bytes
  }
}
