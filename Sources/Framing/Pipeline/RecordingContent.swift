import EventIO

/// A recording while it is being converted: its bytes, opened as often as needed, and their digest.
///
/// A short file is read once, into memory. The digest of a longer one is taken on the way, when it
/// is read from front to back for the first time.
final class RecordingContent {
  /// What messages about the recording start with.
  let name: String
  /// What the file system says of the file's last change; nil if it says nothing.
  let stamp: String?
  private let source: RecordingSource
  private let whole: [UInt8]?
  private var passage: (source: ByteSource, meter: Meter)?

  /// Files up to this size are held in memory.
  private static let wholeBytes = 1 << 22

  /// A digest in the making.
  private final class Meter {
    var digest = ContentDigest()
  }

  /// Reads a short file; takes note of others.
  ///
  /// - Throws: `RecordingError` of kind `missing` or `inputOutput`.
  init(_ source: RecordingSource) throws(RecordingError) {
    self.source = source
    name = source.name
    let held = try source.content(upTo: Self.wholeBytes)
    whole = held?.bytes
    stamp = held?.stamp.description ?? source.stamp()
  }

  /// Opens the recording at its front.
  ///
  /// - Throws: `RecordingError` of kind `missing`, `inputOutput`, `corrupt` or `unsupported`.
  func open() throws(RecordingError) -> ByteSource {
    if let whole { return ByteSource(bytes: whole, name: name) }
    let opened = try source.open()
    if passage == nil, !source.hasKnownDigest {
      let meter = Meter()
      opened.observe { meter.digest.add($0) }
      passage = (opened, meter)
    }
    return opened
  }

  /// What stands for all of the content.
  ///
  /// - Throws: `RecordingError` of kind `missing` or `inputOutput`.
  func digest() throws(RecordingError) -> String {
    if let whole { return ContentDigest(of: whole).description }
    guard let passage else { return try source.fingerprint() }
    // Whatever its reader left unread belongs to it as well.
    try passage.source.drain()
    return passage.meter.digest.description
  }
}
