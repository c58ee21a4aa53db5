/// Writes named arrays to an NPZ archive that NumPy reads; it appears only once it is finished.
public final class NPZWriter {
  /// How arrays are kept.
  public enum Compression: Hashable, Sendable {
    /// As they are, as `numpy.savez` does.
    case stored
    /// Deflated, as `numpy.savez_compressed` does with level 6; 0 to 9, higher is smaller.
    case deflated(level: Int = 6)
  }

  private let archive: ZipWriter
  private let compression: Compression

  /// Creates an archive under `path.partial`.
  ///
  /// - Throws: ``RecordingError`` of kind `inputOutput`.
  public init(path: String, compression: Compression = .deflated()) throws(RecordingError) {
    self.compression = compression
    archive = try ZipWriter(path: path)
  }

  /// Appends an array; `name` has no `.npy` and must not repeat.
  ///
  /// - Throws: ``RecordingError`` of kind `inputOutput`.
  public func add(_ name: String, _ array: NPYArray) throws(RecordingError) {
    try add(name, array) {}
  }

  /// Appends an array; what `check` throws, called for every mebibyte, ends the work.
  private func add(
    _ name: String,
    _ array: NPYArray,
    check: () throws(RecordingError) -> Void
  ) throws(RecordingError) {
    try archive.add(name + ".npy", array.encoded(), compression: compression, check: check)
  }

  /// Ends the archive and gives it its name.
  ///
  /// - Throws: ``RecordingError`` of kind `inputOutput`.
  public func finish() throws(RecordingError) {
    try archive.finish()
  }

  /// The bytes of a whole archive.
  public static func archive(
    of arrays: [(name: String, array: NPYArray)],
    compression: Compression = .deflated()
  ) -> [UInt8] {
    var encoder = ZipEncoder()
    var bytes: [UInt8] = []
    for (name, array) in arrays {
      bytes += encoder.member(name + ".npy", array.encoded(), compression)
    }
    return bytes + encoder.end()
  }
}

extension NPZWriter {
  /// Writes events as SpikingJelly's `events_np` has them: 64-bit integers `t`, `x`, `y`, `p`.
  ///
  /// - Parameter check: Called for every mebibyte; what it throws ends the work, and no file is left.
  /// - Throws: ``RecordingError`` of kind `inputOutput`, with the path; and what `check` throws.
  public static func write(
    _ events: EventBuffer,
    to path: String,
    compression: Compression = .deflated(),
    check: () throws(RecordingError) -> Void = {}
  ) throws(RecordingError) {
    let writer = try NPZWriter(path: path, compression: compression)
    for (name, array) in arrays(of: events) { try writer.add(name, array, check: check) }
    try check()
    try writer.finish()
  }

  /// The four columns as SpikingJelly's readers give them: `t`, `x` and `y` in a recording's own
  /// integer type, where it has 32 or 64 bits, and `p` in 64.
  package static func arrays(
    of events: EventBuffer,
    timestamps type: TimestampType
  ) -> [(name: String, array: NPYArray)] {
    guard type == .uint32 else { return arrays(of: events) }
    let shape = [events.count]
    return [
      ("t", NPYArray(events.t.map { UInt32(truncatingIfNeeded: $0) }, shape: shape)),
      ("x", NPYArray(events.x.map { UInt32($0) }, shape: shape)),
      ("y", NPYArray(events.y.map { UInt32($0) }, shape: shape)),
      ("p", NPYArray(events.p.map { Int64($0.rawValue) }, shape: shape)),
    ]
  }

  /// The four columns as arrays of 64-bit integers.
  public static func arrays(of events: EventBuffer) -> [(name: String, array: NPYArray)] {
    let shape = [events.count]
    return [
      ("t", NPYArray(events.t, shape: shape)),
      ("x", NPYArray(events.x.map { Int64($0) }, shape: shape)),
      ("y", NPYArray(events.y.map { Int64($0) }, shape: shape)),
      ("p", NPYArray(events.p.map { Int64($0.rawValue) }, shape: shape)),
    ]
  }
}

extension NPZWriter.Compression {
  /// The number that ZIP archives have for it.
  var method: UInt16 { self == .stored ? 0 : 8 }

  /// Content as archives hold it; what `check` throws, called for every mebibyte, ends the work.
  func pack<Failure: Error>(
    _ content: [UInt8],
    check: () throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    try check()
    guard case .deflated(let level) = self else { return content }
    let deflater = Deflater(level: level)
    var packed: [UInt8] = []
    var start = 0
    repeat {
      try check()
      let range = start..<min(start + 1 << 20, content.count)
      content.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[range])
        deflater.compress(part, isLast: range.upperBound == bytes.count, into: &packed)
      }
      start = range.upperBound
    } while start < content.count
    return packed
  }
}
