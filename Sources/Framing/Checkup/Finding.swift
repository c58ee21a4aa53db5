/// Something that is wrong with a dataset's files, and what mends it.
public struct Finding: Hashable, Codable, Sendable {
  /// What is wrong; an open set.
  public struct Kind: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The kind's name, such as `missing`.
    public let description: String

    private init(_ name: String) { description = name }

    /// Files that belong to the dataset are not there.
    public static let missing = Kind("missing")
    /// Files that do not belong to it are there.
    public static let extra = Kind("extra")
    /// A file ends too early, or breaks the rules of its format.
    public static let damaged = Kind("damaged")
    /// Files lie deeper than they should.
    public static let nested = Kind("nested")
    /// An archive is not the published one.
    public static let checksum = Kind("checksum")
    /// There are more or fewer samples than published.
    public static let count = Kind("count")
    /// A folder was left half-made.
    public static let unfinished = Kind("unfinished")
    /// The disk or the memory is too small.
    public static let room = Kind("room")

    /// Reads the name.
    public init(from decoder: any Decoder) throws {
      description = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(description)
    }
  }

  /// What is wrong.
  public var kind: Kind
  /// The file or folder.
  public var path: String
  /// What was found, and what was expected.
  public var message: String
  /// The command that mends it, or what to do where no command can.
  public var remedy: String

  /// Creates a finding.
  public init(_ kind: Kind, _ path: String, _ message: String, remedy: String) {
    self.kind = kind
    self.path = path
    self.message = message
    self.remedy = remedy
  }
}

/// A path as a shell takes it.
struct ShellPath: CustomStringConvertible {
  let path: String

  init(_ path: String) { self.path = path }

  var description: String {
    let isPlain = path.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/._-+".utf8.contains(byte)
    }
    if isPlain && !path.isEmpty && !path.hasPrefix("-") { return path }
    return "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
