import CHDF5

/// What went wrong in an HDF5 file: the kind, the place, and the library's own words.
public struct HDF5Error: Error, Equatable, Sendable {
  /// The kinds of failure; an open set.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    /// The kind's name, as it appears in messages.
    public let rawValue: String
    /// Creates a kind from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The file could not be opened: absent, unreadable, or not HDF5.
    public static let open = Kind(rawValue: "cannot open")
    /// The file or an object in it could not be created.
    public static let create = Kind(rawValue: "cannot create")
    /// The library failed while reading.
    public static let read = Kind(rawValue: "cannot read")
    /// The library failed while writing.
    public static let write = Kind(rawValue: "cannot write")
    /// An object or attribute is not in the file.
    public static let missing = Kind(rawValue: "missing")
    /// An object has another type or shape than asked for.
    public static let mismatch = Kind(rawValue: "mismatch")
    /// The file states sizes that its bytes cannot hold.
    public static let implausible = Kind(rawValue: "implausible")
    /// The file breaks the rules of its format, or ends too early.
    public static let corrupt = Kind(rawValue: "damaged")
    /// The file is legal, but uses what this package cannot read.
    public static let unsupported = Kind(rawValue: "unsupported")
  }

  /// What kind of failure this is.
  public let kind: Kind
  /// The file's path.
  public let file: String
  /// The dataset, group or attribute within the file; empty for the file itself.
  public let object: String
  /// Why, in one sentence.
  public let reason: String

  /// Creates an error.
  public init(_ kind: Kind, file: String, object: String = "", reason: String) {
    self.kind = kind
    self.file = file
    self.object = object
    self.reason = reason
  }
}

extension HDF5Error: CustomStringConvertible {
  /// The place, the kind and the reason on one line.
  public var description: String {
    let place = object.isEmpty ? file : "\(file): \(object)"
    return "\(place): \(kind.rawValue): \(reason)"
  }
}

/// Reads and clears the library's error stack of this thread; the innermost reason comes first.
func takeErrorStack() -> String {
  var reasons: [String] = []
  withUnsafeMutablePointer(to: &reasons) { pointer in
    _ = H5Ewalk2(
      chdf5_default_stack(),
      H5E_WALK_UPWARD,
      { _, entry, context in
        guard let text = entry?.pointee.desc, let context else { return 0 }
        context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: text))
        return 0
      },
      pointer
    )
  }
  H5Eclear2(chdf5_default_stack())
  guard let innermost = reasons.first else { return "the HDF5 library gave no reason" }
  guard let outermost = reasons.last, outermost != innermost else { return innermost }
  return "\(innermost) (\(outermost))"
}
