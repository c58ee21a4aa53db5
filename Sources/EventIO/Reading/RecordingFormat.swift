/// What a file format says about itself.
///
/// A format is a namespace: an `enum` without cases, listed in ``RecordingFormats/all``.
public protocol RecordingFormat: Sendable {
  /// The name that `ReadOptions.format` takes, such as `aedat2`.
  static var name: String { get }
  /// The name for people, such as `AEDAT 2.0`.
  static var title: String { get }
  /// Usual endings of file names, lower case, without the dot.
  static var fileExtensions: [String] { get }
  /// Says how surely the content is of this format.
  static func match(_ evidence: FormatEvidence) -> FormatMatch
  /// Reads the header and returns a reader of the events after it.
  static func open(
    _ source: ByteSource,
    options: ReadOptions
  ) throws(RecordingError) -> any EventReader
}

/// What a format may look at to recognise its own: the first bytes, the size, the name.
public struct FormatEvidence: Sendable {
  /// The first bytes, at most ``prefixBytes``; all of them if the content is shorter.
  public var prefix: [UInt8]
  /// The size of the content, if it is known.
  public var byteCount: Int?
  /// The ending of the file name, lower case, without the dot.
  public var fileExtension: String

  /// How many bytes a format may look at.
  public static let prefixBytes = 4096

  /// Creates evidence.
  public init(prefix: [UInt8], byteCount: Int?, fileExtension: String) {
    self.prefix = prefix
    self.byteCount = byteCount
    self.fileExtension = fileExtension
  }
}

/// How surely some content is of a format, in rising order.
public enum FormatMatch: Int, Comparable, Sendable {
  /// It is not.
  case no
  /// The format has no mark of its own, but name and structure fit.
  case plausible
  /// The content bears the format's own mark.
  case certain

  /// Orders by certainty.
  public static func < (left: FormatMatch, right: FormatMatch) -> Bool {
    left.rawValue < right.rawValue
  }
}
