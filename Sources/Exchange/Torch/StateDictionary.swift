import SpikeNet

/// The names and tensors of a model, wherever a checkpoint keeps them.
struct StateDictionary {
  /// The tensors by their names in the file; the numbers are places in the heap.
  let entries: [(name: String, tensor: Int)]

  /// Where programs put a model's state, the most telling first.
  private static let nests = [
    "state_dict", "model_state_dict", "model", "net", "module", "model_state", "network", "weights",
    "params", "state_dict_ema", "model_ema", "ema",
  ]
  private static let deepestNest = 4

  /// Looks for a dictionary with tensors.
  init(_ root: PickleValue, in heap: PickleHeap) throws(SpikeNetError) {
    guard let entries = Self.entries(of: root, in: heap, depth: 0) else {
      throw SpikeNetError(.mismatch, Self.complaint(about: root, in: heap))
    }
    self.entries = entries
  }

  private static func entries(
    of value: PickleValue,
    in heap: PickleHeap,
    depth: Int
  ) -> [(name: String, tensor: Int)]? {
    guard depth < deepestNest, let members = heap.members(value) else { return nil }
    for nest in nests {
      guard let member = members.last(where: { $0.name == nest }) else { continue }
      if let entries = entries(of: member.value, in: heap, depth: depth + 1) { return entries }
    }
    let tensors = members.compactMap { member -> (name: String, tensor: Int)? in
      guard case .tensor(let index) = member.value else { return nil }
      return (member.name, index)
    }
    return tensors.isEmpty ? nil : tensors
  }

  private static func complaint(about root: PickleValue, in heap: PickleHeap) -> String {
    let expected = "expected a state_dict, or a dictionary that holds one"
    switch root {
    case .mapping:
      let keys = (heap.members(root) ?? []).prefix(12).map(\.name).joined(separator: ", ")
      return "holds no dictionary of tensors; its keys are \(keys.isEmpty ? "none" : keys); "
        + expected
    case .opaque:
      return "holds an object, perhaps a whole model; \(expected): save model.state_dict()"
    default: return "holds no dictionary; \(expected)"
    }
  }
}
