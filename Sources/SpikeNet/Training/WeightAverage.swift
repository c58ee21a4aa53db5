/// The exponential average of a model's parameters and buffers over steps, as timm's model EMA.
///
///     a ← d·a + (1 − d)·w
public struct WeightAverage {
  /// d, how much stays in each step.
  public let decay: Double
  private var values: [Tensor]

  /// Begins with the present weights of a model.
  public init(decay: Double, of model: any Module) {
    self.decay = decay
    values = Self.values(of: model)
  }

  /// Follows the weights of the same model by one step.
  public mutating func update(from model: any Module, _ parallel: Parallel) {
    let (kept, added) = (Float(decay), Float(1 - decay))
    for (index, value) in Self.values(of: model).enumerated() {
      let (average, current) = (values[index].mutablePointer, value.pointer)
      parallel.forEachBlock(of: value.count, size: OptimizerStep.blockSize) { block in
        for i in block { average[i] = kept * average[i] + added * current[i] }
      }
      withExtendedLifetime(value) {}
    }
  }

  /// Does something while the model has the averaged weights.
  public func swapped<Result>(
    into model: any Module,
    _ body: () throws -> Result
  ) rethrows -> Result {
    let own = Self.values(of: model)
    Self.assign(values, to: model)
    defer { Self.assign(own, to: model) }
    return try body()
  }

  private static func values(of model: any Module) -> [Tensor] {
    model.namedParameters.map(\.parameter.value) + model.namedBuffers.map(\.buffer.value)
  }

  private static func assign(_ values: [Tensor], to model: any Module) {
    let (parameters, buffers) = (model.namedParameters, model.namedBuffers)
    for (value, (_, parameter)) in zip(values, parameters) { parameter.value = value }
    for (value, (_, buffer)) in zip(values.dropFirst(parameters.count), buffers) {
      buffer.value = value
    }
  }
}
