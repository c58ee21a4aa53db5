/// Translates names part by part: what stands between dots, or runs of it.
struct NameMap {
  private let rules: [(ours: [String], theirs: [String])]

  /// Creates a map from runs of name parts to theirs; the first rule that fits is used.
  init(_ rules: [(ours: String, theirs: String)]) {
    self.rules = rules.map { (Self.parts($0.ours), Self.parts($0.theirs)) }
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
