extension ForwardPass {
  /// Counts, for every image and channel, the tokens in which keys and values both spike.
  ///
  /// Σ over tokens of k∘v, as spike-driven self-attention takes it (Yao et al., 2023).
  ///
  /// - Returns: Counts `[T, B, C]` of inputs `[T, B, …, C]`.
  public func coincidences(_ k: Variable, _ v: Variable) -> Variable {
    let (key, value) = (k.spikes("coincidences"), v.spikes("coincidences"))
    let masks = SpikeMasks(parallel: parallel)
    let counts = computed([k.shape[0], k.shape[1], k.shape.channels]) {
      profile.measure("attention, forward") { masks.coincidences(key, value) }
    }
    return record(counts, from: [k, v]) { [profile] gradient in
      profile.measure("attention, backward") {
        [masks.spread(gradient, over: value), masks.spread(gradient, over: key)]
      }
    }
  }

  /// The spikes that two tensors of equal shape have in common.
  public func both(_ a: Variable, _ b: Variable) -> Variable {
    let (left, right) = (a.spikes("both"), b.spikes("both"))
    let common = computed(a.shape) {
      Spikes(a.shape) { words in
        for index in 0..<a.shape.rows * left.wordsPerRow {
          words[index] = left.pointer[index] & right.pointer[index]
        }
      }
    }
    return record(common, from: [a, b]) { [parallel] gradient in
      [
        Elementwise.product(gradient, right.tensor, parallel),
        Elementwise.product(gradient, left.tensor, parallel),
      ]
    }
  }

  /// Lets spikes `[T, B, …, C]` through where the gate `[T, B, C]` of their channel spikes.
  public func gated(_ q: Variable, by gate: Variable) -> Variable {
    let (spikes, gates) = (q.spikes("gated"), gate.spikes("gated"))
    let masks = SpikeMasks(parallel: parallel)
    let output = computed(q.shape) {
      profile.measure("attention, forward") { masks.gated(spikes, by: gates) }
    }
    return record(output, from: [q, gate]) { [profile] gradient in
      profile.measure("attention, backward") {
        [masks.masked(gradient, by: gates), masks.sums(gradient, where: spikes)]
      }
    }
  }
}

extension Variable {
  /// The spikes that an operation works on; anything else is a mistake of the caller.
  func spikes(_ operation: String) -> Spikes {
    guard case .spikes(let spikes) = value else {
      preconditionFailure("\(operation): expected spikes, got a tensor \(shape)")
    }
    return spikes
  }
}
