/// A network as the Neuromorphic Intermediate Representation describes it: nodes in a row.
///
/// Pedersen et al., "Neuromorphic intermediate representation" (2024), https://neuroir.org
struct NIRGraph {
  /// A computation, with its parameters by the names of the specification.
  struct Node {
    var name: String
    var type: String
    var values: [(name: String, value: Value)] = []
  }

  /// A parameter.
  enum Value {
    case floats(shape: [Int], [Float])
    case integers([Int64])
    case integer(Int64)
  }

  private(set) var nodes: [Node] = []

  mutating func append(_ node: Node) { nodes.append(node) }

  /// Pairs of neighbours.
  var edges: [(source: String, target: String)] {
    zip(nodes, nodes.dropFirst()).map { ($0.name, $1.name) }
  }
}
