/// Named tensors that are to be filled from a file, and what does not fit about it.
struct StateTensors {
  private let file: any TensorSource
  private let prefix: String
  private var used: Set<String> = []
  private var missing: [String] = []
  private var misshaped: [String] = []

  /// Looks at the tensors of a file whose names begin with `prefix`.
  init(_ file: any TensorSource, prefix: String) {
    self.file = file
    self.prefix = prefix
  }

  /// Notes that a tensor is expected; whether it is there in this shape.
  mutating func expect(_ name: String, _ shape: Shape) -> Bool {
    used.insert(prefix + name)
    guard let found = file.shape(of: prefix + name) else {
      missing.append(name)
      return false
    }
    guard found == shape else {
      misshaped.append("\(name) is \(found), expected \(shape)")
      return false
    }
    return true
  }

  /// Notes that a tensor may be there and is not needed.
  mutating func ignore(_ name: String) { used.insert(prefix + name) }

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

  /// Puts all tensors into a module's parameters and buffers.
  ///
  /// - Parameters:
  ///   - naming: The file's name for each of the module's.
  /// - Throws: ``SpikeNetError`` naming all that does not fit; the module is unchanged then.
  mutating func fill(
    _ module: any Module,
    naming: (String) -> String = { $0 }
  ) throws(SpikeNetError) {
    let parameters = module.namedParameters.map { (name: naming($0.name), parameter: $0.parameter) }
    let buffers = module.namedBuffers.map { (name: naming($0.name), buffer: $0.buffer) }
    for (name, parameter) in parameters {
      _ = expect(name, parameter.layout.exportedShape(of: parameter.shape))
    }
    for (name, buffer) in buffers { _ = expect(name, buffer.value.shape) }
    try checkThatAllFit()
    // All are read before the first is replaced, so that damaged elements leave the module as it is.
    var values: [Tensor] = []
    for (name, _) in parameters { values.append(try tensor(name)) }
    for (name, _) in buffers { values.append(try tensor(name)) }
    for (entry, value) in zip(parameters, values) { entry.parameter.exported = value }
    for (entry, value) in zip(buffers, values.dropFirst(parameters.count)) {
      entry.buffer.value = value
    }
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
      "\(prefix.isEmpty ? "its" : "the \(prefix)*") tensors do not fit; "
        + lists.joined(separator: "; ")
    )
  }

  private static func shortened(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.count > 12 ? "\(shown), …" : shown
  }
}
