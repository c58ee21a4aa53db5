/// A classifier of frame stacks.
public protocol Model: Module {
  /// Classifies a batch.
  ///
  /// - Parameter frames: Counts or images `[T, B, H, W, C]`.
  /// - Returns: Logits: `[B, classes]`, or `[T, B, classes]` where the loss is taken per step.
  func logits(_ frames: Variable, in pass: ForwardPass) -> Variable

  /// The name that the authors' code gives to a parameter, buffer or module of this model.
  ///
  /// - Parameter name: A name from ``Module/namedParameters`` and its siblings.
  func originalName(of name: String) -> String
}

/// Translates names part by part: what stands between dots, or runs of it.
struct NameMap {
  private let rules: [(ours: [String], theirs: [String])]

  /// Creates a map from runs of name parts to theirs; the first rule that fits is used.
  init(_ rules: KeyValuePairs<String, String>) {
    self.rules = rules.map { (Self.parts($0.key), Self.parts($0.value)) }
  }

  private static func parts(_ name: String) -> [String] {
    name.isEmpty ? [] : name.split(separator: ".").map(String.init)
  }

  func translated(_ name: String) -> String {
    let parts = Self.parts(name)
    var result: [String] = []
    var index = 0
    while index < parts.count {
      if let rule = rules.first(where: { parts[index...].starts(with: $0.ours) }) {
        result += rule.theirs
        index += rule.ours.count
      } else {
        result.append(parts[index])
        index += 1
      }
    }
    return result.joined(separator: ".")
  }
}
