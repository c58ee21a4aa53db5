extension OptimizerState {
  /// Slots in torch's order of dimensions, and the number of updates of every parameter.
  func tensors(prefix: String) -> [(name: String, content: Safetensors.Content)] {
    entries.flatMap { entry in
      [(prefix + Self.stepName(entry), .integers([], [Int64(entry.steps)]))]
        + zip(rule.slotNames, entry.slots).map { slot, value in
          (prefix + "\(entry.name).\(slot)", .tensor(entry.parameter.layout.exported(value)))
        }
    }
  }

  /// Takes over what ``tensors(prefix:)`` gave; nothing changes if anything does not fit.
  mutating func load(_ tensors: StateTensors) throws(SpikeNetError) {
    var tensors = tensors
    for entry in entries {
      _ = tensors.expect(Self.stepName(entry), [])
      let shape = entry.parameter.layout.exportedShape(of: entry.parameter.shape)
      for slot in rule.slotNames { _ = tensors.expect("\(entry.name).\(slot)", shape) }
    }
    try tensors.checkThatAllFit()
    var loaded = entries
    for index in loaded.indices {
      let (name, layout) = (loaded[index].name, loaded[index].parameter.layout)
      loaded[index].steps = try tensors.integer(Self.stepName(loaded[index]))
      for (slot, slotName) in rule.slotNames.enumerated() {
        loaded[index].slots[slot] = layout.imported(try tensors.tensor("\(name).\(slotName)"))
      }
      guard (0...1 << 40).contains(loaded[index].steps) else {
        throw SpikeNetError(.corrupt, "\(name) was updated \(loaded[index].steps) times")
      }
    }
    entries = loaded
  }

  private static func stepName(_ entry: Entry) -> String { "\(entry.name).step" }
}
