import Foundation

extension ConfigurationValue {
  /// The tree of a Codable value; its encoded keys become the known keys.
  public init(encoding value: some Encodable) throws(SpikeNetError) {
    do {
      self = try ConfigurationEncoder.encode(value)
    } catch {
      throw SpikeNetError(.configuration, "\(type(of: value)) cannot be encoded: \(error)")
    }
  }

  /// The Codable value of this tree.
  ///
  /// - Throws: ``SpikeNetError`` that names the key whose value does not do.
  public func decoded<Value: Decodable>(as type: Value.Type) throws(SpikeNetError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
    } catch let error as SpikeNetError {
      throw error
    } catch {
      throw SpikeNetError(.configuration, Self.reason(of: error))
    }
  }

  /// This tree with the values of another one, whose keys and types must be known here.
  ///
  /// - Parameters:
  ///   - changes: Sections with some of the keys of this tree.
  ///   - path: The place of this tree in the whole, for messages.
  /// - Throws: ``SpikeNetError`` that names the first unknown key and the known one nearest to it,
  ///   or the first value of a wrong type.
  public func merging(_ changes: ConfigurationValue) throws(SpikeNetError) -> ConfigurationValue {
    try merging(changes, at: [], knownPaths: paths)
  }

  private func merging(
    _ change: ConfigurationValue,
    at path: [String],
    knownPaths: [String]
  ) throws(SpikeNetError) -> ConfigurationValue {
    guard case .section(var members) = self else { return try converting(change, at: path) }
    guard case .section(let changes) = change else {
      throw Self.error(path, "is \(change), expected \(kind)")
    }
    for change in changes {
      let path = path + [change.key]
      guard let position = members.firstIndex(where: { $0.key == change.key }) else {
        let leaf = change.value.paths.first.map { [$0] } ?? []
        throw Self.unknownKey((path + leaf).joined(separator: "."), knownPaths)
      }
      members[position].value = try members[position].value
        .merging(change.value, at: path, knownPaths: knownPaths)
    }
    return .section(members)
  }

  /// A value in the type of this one, which is the default.
  private func converting(
    _ change: ConfigurationValue,
    at path: [String]
  ) throws(SpikeNetError) -> ConfigurationValue {
    guard let value = converted(change) else {
      let example = self == .text("") ? "" : " such as \(self)"
      throw Self.error(path, "is \(change), expected \(kind)\(example)")
    }
    return value
  }

  /// What an absent or optional value may be, decoding will say.
  private func converted(_ change: ConfigurationValue) -> ConfigurationValue? {
    switch (self, change) {
    case (.null, .plain(let word)): return Self.guessed(word)
    case (.null, _), (_, .null): return change
    case (.text, .plain(let word)): return .text(word)
    case (.bool, .plain), (.integer, .plain), (.number, .plain):
      let value = Self.guessed(change.description)
      if case .text = value { return nil }
      return converted(value)
    case (.bool, .bool), (.integer, .integer), (.number, .number), (.text, .text): return change
    case (.number, .integer(let value)): return .number(Double(value))
    case (.integer, .number(let value)): return Int(exactly: value).map { .integer($0) }
    case (.text, .integer), (.text, .number): return .text("\(change)")
    case (.list(let values), .list(let changes)):
      let converted = changes.map { (values.first ?? .null).converted($0) }
      return converted.contains(nil) ? nil : .list(converted.compactMap(\.self))
    case (.list, .section): return nil
    case (.list, _): return converted(.list([change]))
    default: return nil
    }
  }

  /// A word as the type that it looks like.
  private static func guessed(_ word: String) -> ConfigurationValue {
    switch word.lowercased() {
    case "", "~", "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default: break
    }
    if let integer = Int(word) { return .integer(integer) }
    if let number = Double(word) { return .number(number) }
    return .text(word)
  }

  private static func error(_ path: [String], _ reason: String) -> SpikeNetError {
    let place = path.isEmpty ? "the configuration" : path.joined(separator: ".")
    return SpikeNetError(.configuration, "\(place) \(reason)")
  }

  private static func unknownKey(_ path: String, _ known: [String]) -> SpikeNetError {
    let nearest = EditDistance.nearest(to: path, among: known)
    let hint = nearest.map { "; did you mean \($0)?" } ?? ""
    return SpikeNetError(.configuration, "unknown key \(path)\(hint)")
  }

  private static func reason(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .dataCorrupted(let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return "\(path.joined(separator: ".")): \(context.debugDescription)"
    case .keyNotFound(let key, let context):
      let path = (context.codingPath + [key]).map(\.stringValue)
      return "\(path.joined(separator: ".")) is missing"
    @unknown default: return "\(error)"
    }
  }
}

/// A choice in a configuration; what is none of the cases is refused with a list of them.
public protocol ConfigurationChoice: RawRepresentable<String>, CaseIterable, Codable, Sendable {}

extension ConfigurationChoice {
  /// Reads the name of a case.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let choice = Self(rawValue: name) else {
      let choices = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "no such choice as \(name); there are \(choices)"
      )
    }
    self = choice
  }
}
