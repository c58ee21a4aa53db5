/// AEDAT 2.0: 8-byte address events after a text header; jAER, CIFAR10-DVS, MNIST-DVS.
///
/// | bytes | type | meaning |
/// |---|---|---|
/// | 0–3 | UInt32, big-endian | address; its fields are the camera's ``AddressLayout`` |
/// | 4–7 | UInt32, big-endian | time in µs; the specification says signed, readers say unsigned |
///
/// Specification: <https://docs.inivation.com/software/software-advanced-usage/file-formats/aedat-2.0.html>
public enum AEDAT2: RecordingFormat {
  /// The name that `ReadOptions.format` takes.
  public static let name = "aedat2"
  /// The name for people.
  public static let title = "AEDAT 2.0"
  /// Usual endings of file names.
  public static let fileExtensions = ["aedat", "dat"]

  static let recordBytes = 8

  /// Certain by the version line; plausible for an `.aedat` without header that looks like DVS128.
  public static func match(_ evidence: FormatEvidence) -> FormatMatch {
    if evidence.prefix.starts(with: "#!AER-DAT2.".utf8) { return .certain }
    guard evidence.fileExtension == "aedat", evidence.prefix.first != UInt8(ascii: "#"),
      (evidence.byteCount ?? 0) % recordBytes == 0
    else { return .no }
    return looksLikeDVS128(evidence.prefix) ? .plausible : .no
  }

  /// Reads the text header, settles the camera, and returns a reader of the events.
  public static func open(
    _ source: ByteSource,
    options: ReadOptions
  ) throws(RecordingError) -> any EventReader {
    let window = ByteWindow(source, chunkBytes: options.chunkBytes)
    let text = try AEDATHeader(window, recordBytes: recordBytes)
    let camera = try Camera(text, options: options)
    var header = RecordingHeader(
      format: title,
      geometry: options.geometry ?? camera.layout.geometry,
      geometrySource: options.geometry != nil
        ? .options : camera.isAssumed ? .formatDefault : .camera,
      camera: text.chip ?? camera.layout.name,
      startTime: text.startTime,
      maximumEvents: window.byteCount.map { ($0 - text.byteCount) / recordBytes }
    )
    header.rowOrigin = camera.layout.rowOrigin
    header.timestampType = .uint32
    header.warnings = warnings(text, camera)
    return StreamReader(
      window,
      name: source.name,
      header: header,
      decoder: Decoder(camera.layout, isAssumed: camera.isAssumed),
      options: options
    )
  }

  private static func warnings(_ text: AEDATHeader, _ camera: Camera) -> [String] {
    var warnings: [String] = []
    if text.byteCount == 0 { warnings.append("there is no text header") }
    if text.reachesEnd && text.isInsidePreferences {
      warnings.append("the file ends inside the preferences of its text header")
    }
    if camera.isAssumed {
      warnings.append("the file names no camera; assumed \(camera.layout.name)")
    }
    return warnings
  }

  /// Addresses of 16 bits, and time that mostly runs forwards.
  private static func looksLikeDVS128(_ bytes: [UInt8]) -> Bool {
    let count = bytes.count / recordBytes
    guard count > 0 else { return false }
    var clock = ClockPlausibility()
    for index in 0..<count {
      let record = bytes[index * recordBytes..<(index + 1) * recordBytes]
      let word = record.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard word >> 48 == 0 else { return false }
      clock.note(Int64(word & 0xFFFF_FFFF))
    }
    return clock.isRunning
  }
}

extension AEDAT2 {
  /// The address layout in use, and whether anything in the file asked for it.
  struct Camera {
    let layout: AddressLayout
    let isAssumed: Bool

    init(_ text: AEDATHeader, options: ReadOptions) throws(RecordingError) {
      if let layout = options.camera {
        self.layout = layout
        isAssumed = false
      } else if let chip = text.chip {
        layout = try Camera.layout(ofChip: chip)
        isAssumed = false
      } else {
        layout = .dvs128
        isAssumed = true
      }
    }

    private static func layout(ofChip chip: String) throws(RecordingError) -> AddressLayout {
      if let layout = AddressLayout.ofChip(chip) { return layout }
      if chip.lowercased().contains("cochlea") {
        throw RecordingError(
          .unsupported,
          "recorded by a silicon cochlea (\(chip)), which has no pixels; expected a camera"
        )
      }
      let known = AddressLayout.all.map { $0.name }.joined(separator: ", ")
      throw RecordingError(
        .unsupported,
        "the address layout of \(chip) is not known; pass --camera, one of \(known)"
      )
    }
  }
}
