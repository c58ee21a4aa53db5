import Foundation
import SpikeNet
import Yams

/// Configurations as YAML text and as `key=value` arguments.
enum ConfigurationText {
  /// More values than any configuration has; aliases could expand without end.
  private static let mostValues = 10_000
  private static let longestFile = 1 << 20

  /// Reads a YAML file.
  static func read(_ path: String) throws(SpikeNetError) -> ConfigurationValue {
    guard FileManager.default.fileExists(atPath: path) else {
      throw SpikeNetError(
        .missing,
        "there is no such file; expected a configuration in YAML",
        path: path
      )
    }
    guard let file = FileHandle(forReadingAtPath: path),
      let data = try? file.read(upToCount: longestFile + 1)
    else {
      throw SpikeNetError(.inputOutput, "cannot be read as a file", path: path)
    }
    guard data.count <= longestFile, let text = String(data: data, encoding: .utf8) else {
      throw SpikeNetError(.configuration, "is no YAML text of less than 1 MiB", path: path)
    }
    do { return try parse(text) } catch { throw error.at(path) }
  }

  /// Reads YAML text whose outermost level is a mapping.
  static func parse(_ text: String) throws(SpikeNetError) -> ConfigurationValue {
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch {
      // The parser quotes the whole line.
      let reason = "\(error)".prefix(200).replacing("\n", with: " ")
      throw SpikeNetError(.configuration, "is not YAML: \(reason)")
    }
    guard let node else { return .section([]) }
    guard case .mapping = node else {
      throw SpikeNetError(.configuration, "is not a mapping of keys to values")
    }
    var room = mostValues
    return try value(of: node, &room)
  }

  /// Reads an argument such as `optimizer.lr=1e-3`.
  static func setting(_ argument: String) throws(SpikeNetError) -> ConfigurationValue {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      throw SpikeNetError(
        .configuration,
        "\(argument) is not a setting; expected key=value, such as optimizer.lr=1e-3"
      )
    }
    let path = argument[..<equals].split(separator: ".", omittingEmptySubsequences: false)
    let text = String(argument[argument.index(after: equals)...])
    var room = mostValues
    // What is no YAML is a word, such as a path with a colon.
    let node = (try? Yams.compose(yaml: text)) ?? Node(text)
    let value = try value(of: node, &room)
    return ConfigurationValue.section([]).setting(path.map(String.init), to: value)
  }

  private static func value(
    of node: Node,
    _ room: inout Int
  ) throws(SpikeNetError) -> ConfigurationValue {
    room -= 1
    guard room > 0 else {
      throw SpikeNetError(.configuration, "has more than \(mostValues) values")
    }
    switch node {
    case .scalar(let scalar):
      let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
      return isQuoted ? .text(scalar.string) : .plain(scalar.string)
    case .sequence(let nodes):
      var values: [ConfigurationValue] = []
      for node in nodes { values.append(try value(of: node, &room)) }
      return .list(values)
    case .mapping(let pairs):
      var members: [ConfigurationValue.Member] = []
      for (key, node) in pairs {
        members.append(.init(key.string ?? "?", try value(of: node, &room)))
      }
      return .section(members)
    case .alias:
      throw SpikeNetError(.configuration, "has an alias that cannot be resolved")
    }
  }

  /// Writes YAML text with the keys in their order.
  static func yaml(_ value: ConfigurationValue) throws -> String {
    try Yams.serialize(node: node(value), allowUnicode: true)
  }

  private static func node(_ value: ConfigurationValue) -> Node {
    switch value {
    case .section(let members):
      return .mapping(
        Node.Mapping(members.map { (Node($0.key), node($0.value)) }, Tag(.map), .block)
      )
    case .list(let values): return .sequence(Node.Sequence(values.map(node), Tag(.seq), .flow))
    case .text(let text): return Node(text, Tag(.str), .any)
    default: return Node(value.description, Tag(.implicit), .plain)
    }
  }
}
