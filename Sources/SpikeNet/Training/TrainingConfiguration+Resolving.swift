extension TrainingConfiguration {
  /// The model that is trained unless another one is asked for.
  public static let defaultModel = "spikingformer"

  /// The configuration of a run from what was asked for.
  ///
  /// - Parameters:
  ///   - changes: Trees with some of the keys; later ones win.
  ///   - base: The configuration of a run that continues; nil for the recipe of the model.
  /// - Throws: ``SpikeNetError`` that names the first key that is unknown or has an impossible
  ///   value.
  public static func resolved(
    _ changes: [ConfigurationValue],
    base: TrainingConfiguration? = nil
  ) throws(SpikeNetError) -> TrainingConfiguration {
    let asked = changes.compactMap { $0["model"]?["name"]?.description }.last
    let name = asked ?? base?.model.name
    var tree = try ConfigurationValue(encoding: start(changes, base: base, model: name))
    if let base {
      var saved = try ConfigurationValue(encoding: base)
      if let name, base.model.name != name { saved = saved.removing("model") }
      tree = try tree.merging(saved)
    }
    for change in changes { tree = try tree.merging(change) }
    return try TrainingConfiguration(tree)
  }

  /// Where the changes start from: a recipe that they name, or the model's own.
  private static func start(
    _ changes: [ConfigurationValue],
    base: TrainingConfiguration?,
    model: String?
  ) throws(SpikeNetError) -> TrainingConfiguration {
    let asked = changes.compactMap { $0["recipe"]?.description }.last ?? ""
    guard let base else {
      if !asked.isEmpty { return try TrainingRecipe.named(asked).configuration(model: model) }
      return recipe(for: try ModelSelection(defaultsOf: model ?? defaultModel))
    }
    guard asked.isEmpty || asked == base.recipe else {
      throw SpikeNetError(
        .configuration,
        "recipe is \(asked), but a run that continues keeps its own, "
          + (base.recipe.isEmpty ? "the model's" : base.recipe)
          + "; set the keys that should change"
      )
    }
    return recipe(for: try ModelSelection(defaultsOf: model ?? base.model.name))
  }

  /// The paths of all keys whose values differ, with both values.
  public func differences(
    from other: TrainingConfiguration
  ) throws(SpikeNetError) -> [(key: String, old: String, new: String)] {
    let (new, old) = (
      try ConfigurationValue(encoding: self), try ConfigurationValue(encoding: other)
    )
    let paths = new.paths + old.paths.filter { !new.paths.contains($0) }
    return paths.compactMap { path in
      let values = [old, new].map { $0.value(at: path) }
      let texts = values.map { $0?.description ?? "nothing" }
      let numbers = values.map { $0.flatMap(\.real) }
      let isSame = texts[0] == texts[1] || numbers[0] != nil && numbers[0] == numbers[1]
      return isSame ? nil : (path, texts[0], texts[1])
    }
  }
}

extension ConfigurationValue {
  /// The value at a path such as `optimizer.lr`.
  fileprivate func value(at path: String) -> ConfigurationValue? {
    path.split(separator: ".").reduce(self) { $0?[String($1)] }
  }

  /// A number, whether it was written with decimals or without.
  fileprivate var real: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
