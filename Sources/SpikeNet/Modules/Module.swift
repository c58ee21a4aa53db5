/// A container of parameters, buffers and other modules, which are found by property name.
public protocol Module: AnyObject {}

extension Module {
  /// Every trained tensor with its path, such as `blocks.0.attention.query.weight`.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    members(of: Parameter.self).map { ($0.name, $0.member) }
  }

  /// Every saved but untrained tensor with its path.
  public var namedBuffers: [(name: String, buffer: Buffer)] {
    members(of: Buffer.self).map { ($0.name, $0.member) }
  }

  /// Every module below this one with its path.
  public var namedModules: [(name: String, module: any Module)] {
    var found: [(String, any Module)] = []
    visitMembers { name, member in
      if let module = member as? any Module { found.append((name, module)) }
    }
    return found
  }

  /// The number of trained scalars.
  public var parameterCount: Int {
    namedParameters.reduce(0) { $0 + $1.parameter.shape.count }
  }

  private func members<Member>(of type: Member.Type) -> [(name: String, member: Member)] {
    var found: [(String, Member)] = []
    visitMembers { name, member in
      if let member = member as? Member { found.append((name, member)) }
    }
    return found
  }

  private func visitMembers(_ body: (String, Any) -> Void) {
    visit(self, path: "", body)
  }

  private func visit(_ value: Any, path: String, _ body: (String, Any) -> Void) {
    var mirror: Mirror? = Mirror(reflecting: value)
    var levels: [Mirror] = []
    while let level = mirror {
      levels.insert(level, at: 0)
      mirror = level.superclassMirror
    }
    var position = 0
    for child in levels.lazy.flatMap(\.children) {
      let name = child.label.flatMap { $0.hasPrefix("[") ? nil : $0 } ?? String(position)
      position += 1
      visitMember(child.value, path: path.isEmpty ? name : "\(path).\(name)", body)
    }
  }

  private func visitMember(_ value: Any, path: String, _ body: (String, Any) -> Void) {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
      if let wrapped = mirror.children.first { visitMember(wrapped.value, path: path, body) }
    } else if value is Parameter || value is Buffer {
      body(path, value)
    } else if value is any Module {
      body(path, value)
      visit(value, path: path, body)
    } else if mirror.displayStyle == .collection {
      visit(value, path: path, body)
    }
  }
}

/// A module that maps one variable to another.
public protocol Layer: Module {
  /// Applies the layer within a pass.
  func callAsFunction(_ x: Variable, in pass: ForwardPass) -> Variable
}
