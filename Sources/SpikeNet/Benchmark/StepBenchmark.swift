/// Measures training steps or inferences of a model on random frames of a stated density.
public struct StepBenchmark {
  /// What one step does.
  public enum Kind: String, CaseIterable, Sendable {
    /// Forward, backward and an update by AdamW.
    case train
    /// Forward with running statistics.
    case infer
  }

  /// What to measure.
  public let kind: Kind
  /// The input of a sample.
  public let input: ModelInput
  /// Samples per step.
  public let batchSize: Int
  /// The share of pixels that hold an event.
  public let density: Float
  /// How many threads the kernels use.
  public let parallel: Parallel

  /// Describes a measurement.
  public init(
    _ kind: Kind,
    input: ModelInput,
    batchSize: Int,
    density: Float,
    parallel: Parallel
  ) {
    self.kind = kind
    self.input = input
    self.batchSize = batchSize
    self.density = density
    self.parallel = parallel
  }

  /// Frames `[T, B, H, W, C]`: a count of 1, 2 or 3 where there is an event, else 0.
  public func frames(using generator: inout SeededGenerator) -> Tensor {
    let shape: Shape = [input.steps, batchSize, input.height, input.width, input.channels]
    return Tensor(
      shape,
      (0..<shape.count).map { _ in
        Float.random(in: 0..<1, using: &generator) < density
          ? Float(Int.random(in: 1...3, using: &generator)) : 0
      }
    )
  }

  /// Takes `count` steps after `warmUp` unmeasured ones.
  ///
  /// - Returns: Seconds of each measured step.
  public func run(
    _ model: any Model,
    steps count: Int,
    warmUp: Int,
    profile: OperationProfile? = nil
  ) -> [Double] {
    var generator = SeededGenerator(seed: 1)
    let frames = Variable(frames(using: &generator))
    let targets = Targets(
      labels: (0..<batchSize).map { $0 % input.classes },
      classes: input.classes,
      smoothing: 0.1
    )
    var optimizer = OptimizerState(AdamW(weightDecay: 0.06), of: model)
    return (0..<warmUp + count).map { step in
      if step == warmUp { profile?.removeAll() }
      let start = ContinuousClock.now
      let pass = ForwardPass(kind == .train ? .training : .inference, parallel: parallel)
      pass.profile = profile
      let logits = model.logits(frames, in: pass)
      if kind == .train {
        let gradients = pass.gradients(of: pass.crossEntropy(logits, targets))
        profile.measure("update of the parameters") {
          _ = optimizer.apply(gradients, learningRate: 1e-3, parallel)
        }
      }
      return start.duration(to: .now) / .seconds(1)
    }.suffix(count).map(\.self)
  }
}
