/// Event columns in an NPZ archive: arrays `t`, `x`, `y`, `p`, as SpikingJelly's `events_np` has.
///
/// | array | type | meaning |
/// |---|---|---|
/// | `t` | integer or whole-numbered float, any width and byte order | µs |
/// | `x`, `y` | the same | column and row |
/// | `p` | the same, or bool | polarity; 0 is OFF, anything else ON |
///
/// All four are one-dimensional and equally long. Specification: ``NPYHeader``, ``ZipDirectory``.
public enum NPZ: RecordingFormat {
  /// The name that `ReadOptions.format` takes.
  public static let name = "npz"
  /// The name for people.
  public static let title = "NPZ events"
  /// Usual endings of file names.
  public static let fileExtensions = ["npz"]

  /// The sensor of DVS128 Gesture and CIFAR10-DVS, which is assumed when nothing is told.
  public static let defaultGeometry = SensorGeometry(width: 128, height: 128)

  /// Certain by the archive's mark and the first member's name.
  public static func match(_ evidence: FormatEvidence) -> FormatMatch {
    if evidence.prefix.starts(with: [0x50, 0x4B, 0x03, 0x04]), evidence.prefix.count >= 30 {
      let nameBytes = Int(LittleEndian(evidence.prefix[...]).u16(26))
      let name = evidence.prefix.dropFirst(30).prefix(nameBytes)
      if name.suffix(4).elementsEqual(".npy".utf8) { return .certain }
    }
    let isArchive = evidence.prefix.starts(with: [0x50, 0x4B])
    return isArchive && evidence.fileExtension == "npz" ? .plausible : .no
  }

  /// Reads the archive's directory and the arrays' headers.
  public static func open(
    _ source: ByteSource,
    options: ReadOptions
  ) throws(RecordingError) -> any EventReader {
    try NPZReader(NPZArchive(source), name: source.name, options: options)
  }
}
