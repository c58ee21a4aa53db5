/// A configuration as a tree: what flags, YAML, JSON and `key=value` arguments have in common.
public enum ConfigurationValue: Hashable, Sendable {
  /// A key of a section and what it holds.
  public struct Member: Hashable, Sendable {
    /// The key, in snake case.
    public var key: String
    /// What it holds.
    public var value: ConfigurationValue

    /// Creates a member.
    public init(_ key: String, _ value: ConfigurationValue) {
      self.key = key
      self.value = value
    }
  }

  /// Nothing: what is used instead depends on other values.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A real number.
  case number(Double)
  /// Text.
  case text(String)
  /// An unquoted word of a file or command line: its type is that of the key.
  case plain(String)
  /// Values in order.
  case list([ConfigurationValue])
  /// Values by key, in the order in which they are written.
  case section([Member])

  /// The value of a key; nil if there is none, or if this is not a section.
  public subscript(key: String) -> ConfigurationValue? {
    guard case .section(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// Puts a value at a path such as `optimizer.lr`, making the sections on its way.
  public func setting(_ path: some Collection<String>, to value: ConfigurationValue) -> Self {
    guard let key = path.first else { return value }
    var members: [Member] = if case .section(let members) = self { members } else { [] }
    let position = members.firstIndex { $0.key == key }
    let old = position.map { members[$0].value } ?? .section([])
    let member = Member(key, old.setting(path.dropFirst(), to: value))
    if let position { members[position] = member } else { members.append(member) }
    return .section(members)
  }

  /// This section without a key.
  public func removing(_ key: String) -> Self {
    guard case .section(let members) = self else { return self }
    return .section(members.filter { $0.key != key })
  }

  /// The paths of all values that are not sections, such as `optimizer.lr`.
  public var paths: [String] {
    guard case .section(let members) = self else { return [] }
    return members.flatMap { member in
      guard case .section = member.value else { return [member.key] }
      return member.value.paths.map { "\(member.key).\($0)" }
    }
  }

  /// What kind of value this is, for messages.
  var kind: String {
    switch self {
    case .null: "nothing"
    case .bool: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .text, .plain: "text"
    case .list: "a list"
    case .section: "a section with keys"
    }
  }
}

extension ConfigurationValue: CustomStringConvertible {
  /// The value as one would write it after `key=`.
  public var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value), .plain(let value): value
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    case .section(let members):
      "{\(members.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
  }
}

extension ConfigurationValue: Codable {
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
  }

  /// Reads any value; the keys of sections come out sorted.
  public init(from decoder: any Decoder) throws {
    if let section = try? decoder.container(keyedBy: Key.self) {
      let keys = section.allKeys.sorted { $0.stringValue < $1.stringValue }
      self = .section(
        try keys.map {
          Member($0.stringValue, try section.decode(ConfigurationValue.self, forKey: $0))
        }
      )
      return
    }
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try value.decode([ConfigurationValue].self))
    }
  }

  /// Writes the value; sections keep their order if the encoder does.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value): try value.encode(to: encoder)
    case .integer(let value): try value.encode(to: encoder)
    case .number(let value): try value.encode(to: encoder)
    case .text(let value), .plain(let value): try value.encode(to: encoder)
    case .list(let values): try values.encode(to: encoder)
    case .section(let members):
      var container = encoder.container(keyedBy: Key.self)
      for member in members {
        try container.encode(member.value, forKey: Key(stringValue: member.key))
      }
    }
  }
}
