import CEventKernels

/// ATIS 40-bit records without any header; N-MNIST and N-Caltech101.
///
/// | byte | meaning |
/// |---|---|
/// | 0 | x |
/// | 1 | y |
/// | 2 | bit 7 polarity (1 is ON), bits 6–0 time, bits 22–16 |
/// | 3–4 | time, bits 15–0, big-endian; in µs |
///
/// Source: Orchard et al. 2015, "Converting static image datasets to spiking neuromorphic datasets
/// using saccades". Time does not unwrap, as in SpikingJelly.
public enum ATISBin: RecordingFormat {
  /// The name that `ReadOptions.format` takes.
  public static let name = "atis"
  /// The name for people.
  public static let title = "ATIS 40-bit"
  /// Usual endings of file names.
  public static let fileExtensions = ["bin", "bs2"]

  /// The sensor of N-MNIST, which is assumed when nothing is told.
  public static let defaultGeometry = SensorGeometry(width: 34, height: 34)

  static let recordBytes = 5

  /// Plausible at most: by the name, or by the structure of a longer content.
  public static func match(_ evidence: FormatEvidence) -> FormatMatch {
    let count = evidence.prefix.count / recordBytes
    guard count > 0 else { return .no }
    var clock = ClockPlausibility()
    for index in 0..<count {
      let record = evidence.prefix[index * recordBytes..<(index + 1) * recordBytes]
      let word = record.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      clock.note(Int64(word & 0x7F_FFFF))
    }
    let isNamed = fileExtensions.contains(evidence.fileExtension)
    let isLong = count >= 64 && (evidence.byteCount ?? 0) % recordBytes == 0
    let fits = isNamed ? clock.isPlausible : isLong && clock.isRunning
    return fits ? .plausible : .no
  }

  /// Returns a reader; there is no header to read.
  public static func open(
    _ source: ByteSource,
    options: ReadOptions
  ) throws(RecordingError) -> any EventReader {
    let told = options.geometry ?? options.camera?.geometry
    var header = RecordingHeader(
      format: title,
      geometry: told ?? defaultGeometry,
      geometrySource: options.geometry != nil
        ? .options : options.camera != nil ? .camera : .formatDefault,
      camera: options.camera?.name,
      maximumEvents: source.byteCount.map { $0 / recordBytes }
    )
    header.timestampType = .uint32
    if told == nil {
      header.warnings = ["the file does not say its sensor; assumed \(defaultGeometry)"]
    }
    return StreamReader(
      ByteWindow(source, chunkBytes: options.chunkBytes),
      name: source.name,
      header: header,
      decoder: Decoder(),
      options: options
    )
  }

  /// Decodes 5-byte records.
  struct Decoder: EventDecoder {
    mutating func decode(
      _ bytes: inout ByteCursor,
      into events: inout EventSink,
      report: inout ReadReport
    ) {
      let count = bytes.wholeRecords(of: recordBytes)
      guard count > 0 else { return }
      let run = bytes.take(count * recordBytes)
      events.appendUnchecked(count) { columns in
        // The loop reads eight bytes at a time, so the last record is taken byte by byte.
        cevent_atis(run.start, count - 1, columns.forKernel)
        ATISBin.store(run.slice((count - 1) * recordBytes, recordBytes), at: count - 1, in: columns)
        return count
      }
    }

    func finish(_ rest: ByteCursor) throws(RecordingError) {
      guard rest.remaining > 0 else { return }
      throw rest.error(
        .corrupt,
        "the file ends \(rest.remaining) bytes into a record of \(recordBytes); it is truncated"
      )
    }
  }

  /// Stores the event of one record.
  private static func store(_ record: ByteRun, at index: Int, in columns: EventColumns) {
    let low = record.big(UInt32.self, at: 1) & 0xFF_FFFF
    columns.store(
      at: index,
      t: Int64(low & 0x7F_FFFF),
      x: UInt16(record.big(UInt8.self, at: 0)),
      y: UInt16(record.big(UInt8.self, at: 1)),
      p: UInt8(low >> 23)
    )
  }
}

extension ATISBin.Decoder: CellDecoder {
  func countEvents(in content: SeekableBytes, from offset: Int) -> Int? {
    let bytes = content.byteCount - offset
    return bytes % ATISBin.recordBytes == 0 ? bytes / ATISBin.recordBytes : nil
  }

  func decode(
    _ bytes: inout ByteCursor,
    _ limit: Int,
    into block: CellBuffer,
    report: inout ReadReport
  ) -> Int? {
    let block = block.fill(limit, from: &bytes, recordBytes: ATISBin.recordBytes) {
      cevent_atis_cells($0, $1, $2, $3)
    }
    return block?.count
  }
}
