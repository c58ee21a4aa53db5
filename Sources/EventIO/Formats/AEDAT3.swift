/// AEDAT 3.1: typed packets with 28-byte headers after a text header; DVS128 Gesture.
///
/// All numbers are little-endian. Packet header:
///
/// | bytes | type | meaning |
/// |---|---|---|
/// | 0–1 | UInt16 | event type; 1 is polarity, the others are skipped |
/// | 2–3 | UInt16 | source |
/// | 4–7 | UInt32 | bytes per event; 8 for polarity |
/// | 8–11 | UInt32 | place of the timestamp in an event; 4 for polarity |
/// | 12–15 | UInt32 | timestamp overflow: each stands for 2³¹ µs |
/// | 16–19 | UInt32 | capacity: the entries that follow |
/// | 20–23 | UInt32 | number: the entries in use |
/// | 24–27 | UInt32 | valid: the entries in use that are valid |
///
/// Polarity event: UInt32 with bit 0 valid, bit 1 ON, bits 2–16 y, bits 17–31 x; UInt32 time in µs.
///
/// Specification: <https://docs.inivation.com/software/software-advanced-usage/file-formats/aedat-3.1.html>
public enum AEDAT3: RecordingFormat {
  /// The name that `ReadOptions.format` takes.
  public static let name = "aedat3"
  /// The name for people.
  public static let title = "AEDAT 3.1"
  /// Usual endings of file names.
  public static let fileExtensions = ["aedat"]

  static let packetHeaderBytes = 28
  static let eventBytes = 8

  /// Certain by the version line.
  public static func match(_ evidence: FormatEvidence) -> FormatMatch {
    evidence.prefix.starts(with: "#!AER-DAT3.".utf8) ? .certain : .no
  }

  /// Reads the text header and returns a reader of the packets.
  public static func open(
    _ source: ByteSource,
    options: ReadOptions
  ) throws(RecordingError) -> any EventReader {
    let window = ByteWindow(source, chunkBytes: options.chunkBytes)
    let text = try AEDATHeader(window)
    try check(text)
    let packetBytes = window.byteCount.map { $0 - text.byteCount }
    var header = RecordingHeader(
      format: title,
      geometry: SensorGeometry(width: 128, height: 128),
      geometrySource: .formatDefault,
      camera: text.sources.first,
      startTime: text.startTime,
      maximumEvents: packetBytes.map { $0 / eventBytes }
    )
    settleGeometry(&header, text, options)
    return StreamReader(
      window,
      name: source.name,
      header: header,
      decoder: Decoder(options.aedat31, byteCount: window.byteCount),
      options: options
    )
  }

  /// Refuses versions and packet formats that are laid out otherwise.
  private static func check(_ text: AEDATHeader) throws(RecordingError) {
    if let version = text.version, version != "3.1" {
      throw RecordingError(.unsupported, "AEDAT \(version) cannot be read; expected 3.1")
    }
    if let format = text.packetFormat, format.uppercased() != "RAW" {
      throw RecordingError(
        .unsupported,
        "packets in the format \(format) cannot be read; expected RAW"
      )
    }
    if text.reachesEnd && !text.hasEndMark {
      throw RecordingError(
        .corrupt,
        "the file ends inside its text header; expected #!END-HEADER",
        byteOffset: text.byteCount
      )
    }
  }

  private static func settleGeometry(
    _ header: inout RecordingHeader,
    _ text: AEDATHeader,
    _ options: ReadOptions
  ) {
    if let geometry = options.geometry {
      header.geometry = geometry
      header.geometrySource = .options
    } else if let camera = options.camera
      ?? text.sources.lazy.compactMap(AddressLayout.ofChip).first
    {
      header.geometry = camera.geometry
      header.geometrySource = .camera
    } else {
      header.warnings.append("the file names no known camera; assumed \(header.geometry)")
    }
    if text.sources.count > 1 {
      header.warnings.append("\(text.sources.count) event sources are read as one")
    }
  }
}
