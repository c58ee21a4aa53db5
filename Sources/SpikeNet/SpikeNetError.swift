/// What is wrong with a checkpoint, a configuration or a run, where, and what to try.
public struct SpikeNetError: Error, Hashable, Sendable {
  /// The class of an error; an open set, so a `switch` over it needs a `default`.
  public struct Kind: Hashable, Sendable, CustomStringConvertible {
    /// The kind's name, such as `corrupt`.
    public let description: String

    private init(_ name: String) { description = name }

    /// There is no such file.
    public static let missing = Kind("missing")
    /// The operating system refused to open, read or write.
    public static let inputOutput = Kind("inputOutput")
    /// The content breaks the rules of its format, or ends too early.
    public static let corrupt = Kind("corrupt")
    /// The content is legal, but this version cannot read it.
    public static let unsupported = Kind("unsupported")
    /// A checkpoint, a model and a data set do not fit together.
    public static let mismatch = Kind("mismatch")
    /// A configuration has an unknown key, a wrong type or an impossible value.
    public static let configuration = Kind("configuration")
    /// Training left the numbers that can be represented.
    public static let diverged = Kind("diverged")
  }

  /// The class of the error.
  public var kind: Kind
  /// What was found, what was expected, and what to try; no full stop, no place.
  public var reason: String
  /// The file, if there is one.
  public var path: String?
  /// Where in the file the trouble starts, in bytes.
  public var byteOffset: Int?

  /// Creates an error.
  public init(_ kind: Kind, _ reason: String, path: String? = nil, byteOffset: Int? = nil) {
    self.kind = kind
    self.reason = reason
    self.path = path
    self.byteOffset = byteOffset
  }

  /// The same error with the path filled in, unless it has one.
  package func at(_ path: String) -> SpikeNetError {
    var error = self
    error.path = error.path ?? path
    return error
  }
}

extension SpikeNetError: CustomStringConvertible {
  /// Path, place and reason, such as `last.safetensors: byte 8: the header is not JSON …`.
  public var description: String {
    var parts: [String] = []
    if let path { parts.append(path) }
    if let byteOffset { parts.append("byte \(byteOffset)") }
    parts.append(reason)
    return parts.joined(separator: ": ")
  }
}
