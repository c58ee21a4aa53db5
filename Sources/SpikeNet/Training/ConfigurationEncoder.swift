/// Turns a Codable value into a tree, keeping the order of keys and the types of numbers.
enum ConfigurationEncoder {
  static func encode(_ value: some Encodable) throws -> ConfigurationValue {
    let node = Node()
    try value.encode(to: TreeEncoder(node: node, codingPath: []))
    return node.value
  }
}

/// A value under construction.
private final class Node {
  private enum Content {
    case leaf(ConfigurationValue)
    case members([(String, Node)])
    case elements([Node])
  }

  private var content = Content.members([])

  var value: ConfigurationValue {
    switch content {
    case .leaf(let value): value
    case .members(let members): .section(members.map { .init($0.0, $0.1.value) })
    case .elements(let nodes): .list(nodes.map(\.value))
    }
  }

  var elementCount: Int {
    if case .elements(let nodes) = content { nodes.count } else { 0 }
  }

  func set(_ value: ConfigurationValue) { content = .leaf(value) }

  func becomeList() {
    if case .elements = content { return }
    content = .elements([])
  }

  func member(_ key: String) -> Node {
    let node = Node()
    let members: [(String, Node)] = if case .members(let old) = content { old } else { [] }
    content = .members(members + [(key, node)])
    return node
  }

  func element() -> Node {
    let node = Node()
    let nodes: [Node] = if case .elements(let old) = content { old } else { [] }
    content = .elements(nodes + [node])
    return node
  }

  /// Scalars become leaves; everything else encodes itself.
  func encode(_ value: some Encodable, _ path: [any CodingKey]) throws {
    switch value {
    case let value as Bool: set(.bool(value))
    case let value as Double: set(.number(value))
    case let value as Float: set(.number(Double("\(value)") ?? Double(value)))
    case let value as String: set(.text(value))
    case let value as any BinaryInteger: set(.integer(Int(value)))
    default: try value.encode(to: TreeEncoder(node: self, codingPath: path))
    }
  }
}

private struct TreeEncoder: Encoder, SingleValueEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(KeyedTree(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.becomeList()
    return UnkeyedTree(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() throws { node.set(.null) }

  func encode(_ value: some Encodable) throws { try node.encode(value, codingPath) }
}

private struct KeyedTree<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  let codingPath: [any CodingKey]

  func encodeNil(forKey key: Key) throws { node.member(key.stringValue).set(.null) }

  func encode(_ value: some Encodable, forKey key: Key) throws {
    try node.member(key.stringValue).encode(value, codingPath + [key])
  }

  /// An absent value is written too, so that its key is known.
  func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) throws {
    try encodeAny(value, key)
  }

  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try encodeAny(value, key) }

  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try encodeAny(value, key) }

  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try encodeAny(value, key) }

  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try encodeAny(value, key) }

  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try encodeAny(value, key) }

  private func encodeAny(_ value: (some Encodable)?, _ key: Key) throws {
    if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type,
    forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    encoder(key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder(key.stringValue).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder("super") }

  func superEncoder(forKey key: Key) -> any Encoder { encoder(key.stringValue) }

  private func encoder(_ key: String) -> TreeEncoder {
    TreeEncoder(
      node: node.member(key),
      codingPath: codingPath + [ConfigurationValue.Key(stringValue: key)]
    )
  }
}

private struct UnkeyedTree: UnkeyedEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var count: Int { node.elementCount }

  func encodeNil() throws { node.element().set(.null) }

  func encode(_ value: some Encodable) throws { try node.element().encode(value, codingPath) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    TreeEncoder(node: node.element(), codingPath: codingPath).container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    TreeEncoder(node: node.element(), codingPath: codingPath).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    TreeEncoder(node: node.element(), codingPath: codingPath)
  }
}
