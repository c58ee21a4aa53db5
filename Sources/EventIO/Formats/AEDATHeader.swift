/// The text header shared by AEDAT 1 to 3: lines that start with `#` and end in LF or CR LF.
///
/// Lines may hold any bytes. The header ends at an end mark (`#!END-HEADER`,
/// `#End Of ASCII Header`), or before the first byte that is not `#`. A record may start with
/// that byte too; see `isRecord`.
struct AEDATHeader {
  /// The version line without `#!AER-DAT`, such as `2.0`; nil if the first line is another.
  private(set) var version: String?
  /// The Java class of the camera, as jAER writes it.
  private(set) var chip: String?
  /// The descriptions of the event sources, in file order.
  private(set) var sources: [String] = []
  /// How AEDAT 3 packets are stored; `RAW` if they are plain.
  private(set) var packetFormat: String?
  /// The start or creation time, as it stands there.
  private(set) var startTime: String?
  /// Whether there was a line that marks the end.
  private(set) var hasEndMark = false
  /// Whether the content ended inside the header, so that no event can follow.
  private(set) var reachesEnd = false
  /// Whether a block of preferences was opened and not closed.
  private(set) var isInsidePreferences = false
  /// How many bytes the header has.
  private(set) var byteCount = 0

  /// No camera writes more; a larger header is taken for damage.
  static let maximumBytes = 16 << 20
  /// Longer lines are of no interest here.
  private static let maximumLine = 1024

  /// Reads the header at the front of a window and drops its bytes.
  ///
  /// - Parameter recordBytes: The size of the records that follow, if it is fixed.
  /// - Throws: ``RecordingError`` of kind `corrupt` if the content ends inside a line.
  init(_ window: ByteWindow, recordBytes: Int? = nil) throws(RecordingError) {
    while !hasEndMark {
      guard let length = try AEDATHeader.nextLine(window) else {
        reachesEnd = window.bytes.isEmpty
        break
      }
      let line = window.bytes[..<length]
      if AEDATHeader.isRecord(line, at: window, recordBytes: recordBytes) { break }
      note(AEDATHeader.text(line))
      byteCount += length
      window.drop(length)
    }
  }

  /// The length of the header line at the front of the window; nil if there is none.
  private static func nextLine(_ window: ByteWindow) throws(RecordingError) -> Int? {
    var searched = 0
    while true {
      let bytes = window.bytes
      if let first = bytes.first, first != UInt8(ascii: "#") { return nil }
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) { return end + 1 }
      searched = bytes.count
      if window.offset + searched > maximumBytes {
        throw RecordingError(
          .corrupt,
          "the text header is longer than \(maximumBytes >> 20) MiB",
          byteOffset: 0
        )
      }
      if try !window.refill() {
        if searched == 0 { return nil }
        throw RecordingError(
          .corrupt,
          "the file ends inside a line of its text header",
          byteOffset: window.offset
        )
      }
    }
  }

  /// Says whether a line that starts with `#` is really a binary record.
  ///
  /// Text has no control characters. A line that has some is a record if only that makes the
  /// remaining bytes a multiple of the record size, or if the size cannot tell.
  private static func isRecord(
    _ line: Slice<UnsafeRawBufferPointer>,
    at window: ByteWindow,
    recordBytes: Int?
  ) -> Bool {
    guard let recordBytes else { return false }
    let text = line.dropLast()
    guard text.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return false }
    guard let byteCount = window.byteCount else { return true }
    let fitsAsRecord = (byteCount - window.offset) % recordBytes == 0
    let fitsAsText = (byteCount - window.offset - line.count) % recordBytes == 0
    return fitsAsRecord || !fitsAsText
  }

  private static func text(_ line: Slice<UnsafeRawBufferPointer>) -> String {
    var end = line.prefix(maximumLine)
    while let last = end.last, last == 0x0A || last == 0x0D { end.removeLast() }
    return String(decoding: end, as: UTF8.self)
  }

  private mutating func note(_ line: String) {
    if byteCount == 0, let value = AEDATHeader.value(of: "#!AER-DAT", in: line) { version = value }
    switch line {
    case "#!END-HEADER", "#End Of ASCII Header": hasEndMark = true
    case let line where line.hasPrefix("#Start of Preferences"): isInsidePreferences = true
    case let line where line.hasPrefix("#End of Preferences"): isInsidePreferences = false
    default: noteField(line)
    }
  }

  private mutating func noteField(_ line: String) {
    if chip == nil { chip = AEDATHeader.value(of: "# AEChip:", in: line) }
    if packetFormat == nil { packetFormat = AEDATHeader.value(of: "#Format:", in: line) }
    for key in ["#Start-Time:", "# created ", "# Creation date:"] where startTime == nil {
      startTime = AEDATHeader.value(of: key, in: line)
    }
    if line.hasPrefix("#Source "), let colon = line.firstIndex(of: ":"), sources.count < 256 {
      let name = line[line.index(after: colon)...]
      sources.append(AEDATHeader.trimmed(name))
    }
  }

  private static func value(of key: String, in line: String) -> String? {
    line.hasPrefix(key) ? trimmed(line.dropFirst(key.count)) : nil
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
