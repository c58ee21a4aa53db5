/// What is wrong with a recording, where, and what to try.
public struct RecordingError: Error, Hashable, Sendable {
  /// The class of an error; an open set, so a `switch` over it needs a `default`.
  public struct Kind: Hashable, Sendable, CustomStringConvertible {
    /// The kind's name, such as `corrupt`.
    public let description: String

    private init(_ name: String) { description = name }

    /// There is no such file.
    public static let missing = Kind("missing")
    /// The operating system refused to open, read or write.
    public static let inputOutput = Kind("inputOutput")
    /// The content is of no format that is known here.
    public static let unknownFormat = Kind("unknownFormat")
    /// The content breaks the rules of its format, or ends too early.
    public static let corrupt = Kind("corrupt")
    /// The content is legal, but this version cannot read it.
    public static let unsupported = Kind("unsupported")
    /// An address lies outside the sensor, or a number outside its column's type.
    public static let outOfRange = Kind("outOfRange")
    /// The caller asked to stop.
    public static let cancelled = Kind("cancelled")
    /// The caller's options contradict each other or the recording.
    public static let usage = Kind("usage")
  }

  /// The class of the error.
  public var kind: Kind
  /// What was found, what was expected, and what to try; no full stop, no place.
  public var reason: String
  /// The file, or the name that the caller gave the bytes.
  public var path: String?
  /// Where in the file the trouble starts, in bytes.
  public var byteOffset: Int?
  /// Which event is affected, counted from 0 in recording order.
  public var eventIndex: Int?

  /// Creates an error; the reader adds the path where it is missing.
  public init(
    _ kind: Kind,
    _ reason: String,
    path: String? = nil,
    byteOffset: Int? = nil,
    eventIndex: Int? = nil
  ) {
    self.kind = kind
    self.reason = reason
    self.path = path
    self.byteOffset = byteOffset
    self.eventIndex = eventIndex
  }

  /// The same error with the path filled in, unless it has one.
  package func at(_ path: String) -> RecordingError {
    var error = self
    error.path = error.path ?? path
    return error
  }

  /// The same error with what it is about in front of the reason, such as `array 't'`.
  func inside(_ part: String) -> RecordingError {
    var error = self
    error.reason = "\(part): \(reason)"
    return error
  }
}

extension RecordingError: CustomStringConvertible {
  /// Path, place and reason, such as `cat_7.aedat: event 51203: x = 131 is outside …`.
  public var description: String {
    var parts: [String] = []
    if let path { parts.append(path) }
    if let eventIndex { parts.append("event \(eventIndex)") }
    if let byteOffset { parts.append("byte \(byteOffset)") }
    parts.append(reason)
    return parts.joined(separator: ": ")
  }
}
