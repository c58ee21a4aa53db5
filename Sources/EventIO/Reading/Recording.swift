/// The front door: finds out what a file is and returns a reader for it.
public enum Recording {
  /// Opens a file, detecting its format by content.
  ///
  /// The name's ending counts only for formats without a mark of their own (`.bin`, headerless
  /// `.aedat`).
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - options: What the file cannot say about itself.
  /// - Returns: A reader that stands before the first event.
  /// - Throws: ``RecordingError`` of any kind, with the path.
  public static func open(
    _ path: String,
    options: ReadOptions = ReadOptions()
  ) throws(RecordingError) -> any EventReader {
    try open(ByteSource(path: path), options: options)
  }

  /// Opens bytes in memory; `name` stands for the path in messages and its ending helps detection.
  public static func open(
    bytes: [UInt8],
    name: String,
    options: ReadOptions = ReadOptions()
  ) throws(RecordingError) -> any EventReader {
    try open(ByteSource(bytes: bytes, name: name), options: options)
  }

  /// Opens any source of bytes, such as a member of an archive.
  public static func open(
    _ source: ByteSource,
    options: ReadOptions = ReadOptions()
  ) throws(RecordingError) -> any EventReader {
    do throws(RecordingError) {
      guard try !source.peek(1).isEmpty else {
        throw RecordingError(.corrupt, "the file is empty; expected a recording", byteOffset: 0)
      }
      let format = try format(of: source, options: options)
      return try format.open(source, options: options)
    } catch {
      throw error.at(source.name)
    }
  }

  /// The format that the options name, or else the one that the content shows.
  static func format(
    of source: ByteSource,
    options: ReadOptions
  ) throws(RecordingError) -> any RecordingFormat.Type {
    if let name = options.format {
      guard let format = RecordingFormats.named(name) else {
        let known = RecordingFormats.all.map { $0.name }.joined(separator: ", ")
        throw RecordingError(.usage, "there is no format named '\(name)'; known are \(known)")
      }
      return format
    }
    return try RecordingFormats.detect(source.evidence())
  }
}

/// Every format that can be read.
public enum RecordingFormats {
  /// All formats, in the order in which they are asked.
  public static let all: [any RecordingFormat.Type] = [
    AEDAT3.self, AEDAT2.self, NPZ.self, ATISBin.self,
  ]

  /// The format of a name such as `aedat2`, upper or lower case.
  public static func named(_ name: String) -> (any RecordingFormat.Type)? {
    all.first { $0.name == name.lowercased() }
  }

  /// The format whose mark the content bears, or else the one that it plausibly has.
  ///
  /// - Throws: ``RecordingError`` of kind `unknownFormat`, listing what is known.
  public static func detect(
    _ evidence: FormatEvidence
  ) throws(RecordingError) -> any RecordingFormat.Type {
    var best: (any RecordingFormat.Type)?
    var certainty = FormatMatch.no
    for format in all {
      let match = format.match(evidence)
      if match > certainty {
        best = format
        certainty = match
      }
    }
    guard let best else { throw unknown(evidence) }
    return best
  }

  private static func unknown(_ evidence: FormatEvidence) -> RecordingError {
    let titles = all.map { $0.title }.joined(separator: ", ")
    return RecordingError(
      .unknownFormat,
      "starts with \(start(evidence.prefix)), which is no format known here; "
        + "known are \(titles); export the recording to one of them"
    )
  }

  /// The first bytes, as text if they are text.
  private static func start(_ bytes: [UInt8]) -> String {
    let line = bytes.prefix(16).prefix { (0x20...0x7E).contains($0) }
    if line.count >= 4 { return "'\(String(decoding: line, as: UTF8.self))'" }
    let digits = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return digits.joined(separator: " ")
  }
}
