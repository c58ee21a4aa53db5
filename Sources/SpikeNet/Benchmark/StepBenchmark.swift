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

  /// What was measured.
  public struct Result: Sendable {
    /// Seconds of each measured step, in their order.
    public var seconds: [Double] = []
    /// Requests for memory that the operating system had to serve during the measured steps.
    public var allocations = 0
    /// The most bytes of tensors in use at once.
    public var peakBytes = 0
    /// The share of ones in the output of every neuron layer.
    public var firingRates: [(name: String, rate: Double)] = []

    /// The median of the seconds.
    public var median: Double { seconds.sorted()[seconds.count / 2] }
  }

  /// Takes `count` steps after `warmUp` unmeasured ones.
  ///
  /// Inference runs on the statistics of the same frames, as training leaves them, so that neurons
  /// fire at the rates of a network that was trained.
  public func run(
    _ model: any Model,
    steps count: Int,
    warmUp: Int,
    profile: OperationProfile? = nil
  ) -> Result {
    var generator = SeededGenerator(seed: 1)
    let frames = Variable(frames(using: &generator))
    var optimizer = OptimizerState(AdamW(weightDecay: 0.06), of: model)
    if kind == .infer { adoptStatistics(of: frames, model) }
    for _ in 0..<warmUp { step(model, frames, &optimizer, profile: nil) }
    let allocations = MemoryPool.shared.usage.allocations
    var result = Result()
    for _ in 0..<count {
      let start = ContinuousClock.now
      step(model, frames, &optimizer, profile: profile)
      result.seconds.append(start.duration(to: .now) / .seconds(1))
    }
    result.allocations = MemoryPool.shared.usage.allocations - allocations
    result.peakBytes = MemoryPool.shared.usage.peak
    result.firingRates = firingRates(model, frames)
    return result
  }

  private func step(
    _ model: any Model,
    _ frames: Variable,
    _ optimizer: inout OptimizerState,
    profile: OperationProfile?
  ) {
    let pass = pass()
    pass.profile = profile
    let logits = model.logits(frames, in: pass)
    guard kind == .train else { return }
    let loss = profile.measure("loss", .moving(3 * logits.shape.count)) {
      pass.crossEntropy(logits, targets)
    }
    let gradients = pass.gradients(of: loss)
    profile.measure("update of the parameters", .moving(8 * model.parameterCount)) {
      _ = optimizer.apply(gradients, learningRate: 1e-3, parallel)
    }
  }

  private var targets: Targets {
    Targets(
      labels: (0..<batchSize).map { $0 % input.classes },
      classes: input.classes,
      smoothing: 0.1
    )
  }

  private func pass() -> ForwardPass {
    ForwardPass(kind == .train ? .training : .inference, parallel: parallel)
  }

  private func adoptStatistics(of frames: Variable, _ model: any Model) {
    let pass = ForwardPass(.training, parallel: parallel)
    pass.statisticsMomentum = 1
    _ = model.logits(frames, in: pass)
  }

  private func firingRates(_ model: any Model, _ frames: Variable) -> [(String, Double)] {
    var rates = FiringRates(of: model)
    let pass = pass()
    pass.observer = { rates.add($1, of: $0) }
    _ = model.logits(frames, in: pass)
    return rates.layerRates
  }
}
