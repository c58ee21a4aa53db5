/// Named tensors that are to be filled from a file, and what does not fit about it.
struct StateTensors {
  private let file: Safetensors
  private let prefix: String
  private var used: Set<String> = []
  private var missing: [String] = []
  private var misshaped: [String] = []

  /// Looks at the arrays of a file whose names begin with `prefix`.
  init(_ file: Safetensors, prefix: String) {
    self.file = file
    self.prefix = prefix
  }

  /// Notes that a tensor is expected; whether it is there in this shape.
  mutating func expect(_ name: String, _ shape: Shape) -> Bool {
    used.insert(prefix + name)
    guard let entry = file[prefix + name] else {
      missing.append(name)
      return false
    }
    guard entry.shape == shape else {
      misshaped.append("\(name) is \(entry.shape), expected \(shape)")
      return false
    }
    return true
  }

  /// The tensor of a name that was expected and found.
  func tensor(_ name: String) throws(SpikeNetError) -> Tensor {
    try file.tensor(prefix + name)
  }

  /// The whole number of a name that was expected and found.
  func integer(_ name: String) throws(SpikeNetError) -> Int {
    guard let value = try file.integers(prefix + name).first, let integer = Int(exactly: value)
    else { throw SpikeNetError(.corrupt, "tensor \"\(prefix + name)\" holds no number") }
    return integer
  }

  /// Refuses a file that lacks tensors, has others, or has them in other shapes, all at once.
  func checkThatAllFit() throws(SpikeNetError) {
    let unexpected = file.names.filter { $0.hasPrefix(prefix) && !used.contains($0) }
      .map { String($0.dropFirst(prefix.count)) }
    let lists = [("missing", missing), ("unexpected", unexpected), ("other shape", misshaped)]
      .filter { !$0.1.isEmpty }
      .map { "\($0.0) (\($0.1.count)): \(Self.shortened($0.1))" }
    guard !lists.isEmpty else { return }
    throw SpikeNetError(
      .mismatch,
      "the \(prefix)* tensors do not fit; \(lists.joined(separator: "; "))"
    )
  }

  private static func shortened(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.count > 12 ? "\(shown), …" : shown
  }
}
