/// What went wrong between a recording and its frames: the kind, the place, the reason.
public struct FramingError: Error, Hashable, Sendable {
  /// The class of an error; an open set, so a `switch` over it needs a `default`.
  public struct Kind: Hashable, Sendable, CustomStringConvertible {
    /// The kind's name, such as `corrupt`.
    public let description: String

    private init(_ name: String) { description = name }

    /// The caller's options make no sense, alone or together.
    public static let usage = Kind("usage")
    /// There is no such file or folder.
    public static let missing = Kind("missing")
    /// There is a folder, and no recording in it.
    public static let nothingFound = Kind("nothingFound")
    /// The operating system refused to read or write.
    public static let inputOutput = Kind("inputOutput")
    /// The operating system refused to write the output, so that going on makes no sense.
    public static let output = Kind("output")
    /// The content breaks the rules of its format.
    public static let corrupt = Kind("corrupt")
    /// An event lies outside the sensor.
    public static let strayEvent = Kind("strayEvent")
    /// The frames would need more memory than is sensible.
    public static let tooLarge = Kind("tooLarge")
    /// The recording's timestamps do not allow this way of cutting.
    public static let unordered = Kind("unordered")
    /// A cache was made with other settings than expected.
    public static let recipeMismatch = Kind("recipeMismatch")
    /// The content is legal, but this version cannot read it.
    public static let unsupported = Kind("unsupported")
  }

  /// The class of the error.
  public var kind: Kind
  /// What was found, what was expected, and what to try; no full stop, no place.
  public var reason: String
  /// The file or folder, or the sample's name.
  public var path: String?
  /// Where in the file, such as `line 7` or `event 51203`.
  public var place: String?

  /// Creates an error.
  public init(_ kind: Kind, _ reason: String, path: String? = nil, place: String? = nil) {
    self.kind = kind
    self.reason = reason
    self.path = path
    self.place = place
  }

  /// The same error with the sample in front of the place, unless it names a file.
  func inside(_ sample: String) -> FramingError {
    var error = self
    if path == nil { error.place = [sample, place].compactMap(\.self).joined(separator: ": ") }
    return error
  }

  /// The same error with the path filled in, unless it has one.
  package func at(_ path: String) -> FramingError {
    var error = self
    error.path = error.path ?? path
    return error
  }
}

extension FramingError: CustomStringConvertible {
  /// Path, place and reason on one line.
  public var description: String {
    [path, place, reason].compactMap(\.self).joined(separator: ": ")
  }
}
