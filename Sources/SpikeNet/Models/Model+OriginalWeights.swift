extension Model {
  /// Puts the tensors of a checkpoint with the authors' names into the model.
  ///
  /// Tensors that only the authors' programs need are passed over, by name.
  ///
  /// - Throws: ``SpikeNetError`` naming all missing, unexpected and mis-shaped tensors; the model is
  ///   unchanged then.
  public func load(originalWeights file: any TensorSource) throws(SpikeNetError) {
    var tensors = StateTensors(file, prefix: "")
    for name in file.names where Self.isCounter(name) { tensors.ignore(name) }
    for surplus in surplusTensors { tensors.ignore(surplus.name) }
    try checkConstants(in: file)
    try tensors.fill(self, naming: originalName)
  }

  /// The authors' names of all tensors that the model needs.
  public var originalNames: [String] {
    namedParameters.map { originalName(of: $0.name) }
      + namedBuffers.map { originalName(of: $0.name) }
  }

  /// Everything that the authors' program saves of such a model, with the authors' names.
  public var originalTensors: [(name: String, content: Safetensors.Content)] {
    var tensors: [(name: String, content: Safetensors.Content)] = namedParameters.map {
      (originalName(of: $0.name), .tensor($0.parameter.exported))
    }
    for (name, buffer) in namedBuffers {
      tensors.append((originalName(of: name), .tensor(buffer.value)))
    }
    for surplus in surplusTensors + batchCounters {
      switch surplus.content {
      case .unused(let value), .constant(let value):
        tensors.append((surplus.name, .tensor(.filled(surplus.shape, with: value))))
      case .unusedInteger(let value), .constantInteger(let value):
        let values = [Int64](repeating: value, count: surplus.shape.count)
        tensors.append((surplus.name, .integers(surplus.shape, values)))
      }
    }
    return tensors
  }

  private var surplusTensors: [SurplusTensor] {
    unusedParameters.map(SurplusTensor.init) + savedConstants
  }

  /// Torch's batch normalisations count their batches; the count is used nowhere.
  private var batchCounters: [SurplusTensor] {
    namedModules.compactMap { name, module in
      guard module is BatchNorm else { return nil }
      return SurplusTensor(
        originalName(of: name) + "." + Self.batchCounter,
        [],
        .unusedInteger(0)
      )
    }
  }

  private static var batchCounter: String { "num_batches_tracked" }

  /// Counters of torch, and those that programs for counting operations leave behind.
  private static func isCounter(_ name: String) -> Bool {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return [batchCounter, "total_ops", "total_params"].contains(last)
  }

  private func checkConstants(in file: any TensorSource) throws(SpikeNetError) {
    for surplus in surplusTensors {
      let expected: Float
      switch surplus.content {
      case .constant(let value): expected = value
      case .constantInteger(let value): expected = Float(value)
      case .unused, .unusedInteger: continue
      }
      guard file.shape(of: surplus.name)?.count == 1 else { continue }
      let found = try file.tensor(surplus.name).scalar
      guard abs(found - expected) <= 1e-6 * max(1, abs(expected)) else {
        throw SpikeNetError(
          .mismatch,
          "\(surplus.name) is \(found), and the model is configured with \(expected); "
            + "set the model's keys to what the weights were trained with"
        )
      }
    }
  }
}
