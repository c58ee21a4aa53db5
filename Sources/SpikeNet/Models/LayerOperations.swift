/// What one layer of a model holds and computes for one sample, over all time steps.
public struct LayerOperations: Sendable {
  /// The path of the layer in the model, such as `blocks.0.attention.projection.convolution`.
  public let name: String
  /// What kind of work it does, with its sizes; those of an attention are for one sample.
  public let kind: LayerCall.Kind
  /// The shape of its output for one sample: `[T, 1, …, C]`, or `[1, …, C]` once T is gone.
  public let output: Shape
  /// Trained scalars of its own.
  public let parameters: Int
  /// Multiply-adds of a framework without spikes.
  public let multiplyAdds: Int
  /// Whether all that it reads is spikes: then multiply-adds become additions at the rate of ones.
  public let readsSpikes: Bool
}

extension Model {
  /// Every layer that one sample passes, in order; nothing is computed but shapes.
  public func layers(for input: ModelInput) -> [LayerOperations] {
    let names = Dictionary(
      namedModules.map { (ObjectIdentifier($0.module), $0.name) },
      uniquingKeysWith: { first, _ in first }
    )
    var layers: [LayerOperations] = []
    let pass = ForwardPass(.shapes)
    pass.layerObserver = { call in
      var parameters = call.module.parameterCount
      if case .attention = call.kind { parameters = 0 }
      layers.append(
        LayerOperations(
          name: names[ObjectIdentifier(call.module)] ?? "",
          kind: call.kind,
          output: call.output,
          parameters: parameters,
          multiplyAdds: call.multiplyAdds,
          readsSpikes: call.readsSpikes
        )
      )
    }
    _ = logits(Variable(Tensor(uninitialized: input.shape(samples: 1))), in: pass)
    return layers
  }

  /// Trained scalars that the model uses.
  public var liveParameterCount: Int { parameterCount }

  /// Trained scalars that the authors' code builds, those that it never uses included.
  public var builtParameterCount: Int {
    unusedParameters.reduce(parameterCount) { $0 + $1.shape.count }
  }
}

/// A parameter that the authors' code builds, saves and never uses.
public struct UnusedParameter: Hashable, Sendable {
  /// Its name in their checkpoints.
  public let name: String
  /// Its dimensions there.
  public let shape: Shape
}

extension UnusedParameter {
  /// Weight and bias of a normalisation.
  static func norm(_ name: String, _ channels: Int) -> [UnusedParameter] {
    ["weight", "bias"].map { UnusedParameter(name: "\(name).\($0)", shape: [channels]) }
  }

  /// The normalisations before attention and perceptron that spiking blocks inherit and skip.
  static func blockNorms(_ blocks: Int, _ channels: Int) -> [UnusedParameter] {
    (0..<blocks).flatMap { block in
      ["norm1", "norm2"].flatMap { norm("block.\(block).\($0)", channels) }
    }
  }
}

extension ModelInput {
  /// The shape of a batch, `[T, B, H, W, C]`.
  public func shape(samples: Int) -> Shape { [steps, samples, height, width, channels] }

  /// Still images, shown unchanged at every step: `[B, H, W, C]` to `[T, B, H, W, C]`.
  public func frames(repeating images: Tensor) -> Tensor {
    let scalars = images.scalars
    return Tensor(
      Shape([steps] + images.shape.dimensions),
      (0..<steps).flatMap { _ in scalars }
    )
  }
}
