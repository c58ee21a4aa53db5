import SpikeNet
import Testing

/// What every registered model must do.
@Suite struct ModelTests {
  private static let input = ModelInput(steps: 3, height: 32, width: 32, channels: 2, classes: 4)

  private func make(_ name: String, seed: UInt64 = 3) throws -> any Model {
    let type = try #require(ModelRegistry.configuration(named: name))
    var configuration = type.init()
    if var small = configuration as? Spikingformer.Configuration {
      small.embedDim = 32
      small.depth = 1
      small.heads = 2
      configuration = small
    }
    if var small = configuration as? Spikformer.Configuration {
      small.embedDim = 32
      small.depth = 1
      configuration = small
    }
    if var small = configuration as? SpikeDrivenTransformer.Configuration {
      small.embedDim = 32
      small.depth = 1
      small.erode = true
      configuration = small
    }
    if var small = configuration as? Spikeformer.Configuration {
      small.embedDim = 32
      small.depth = 2
      configuration = small
    }
    if var small = configuration as? ResNet18.Configuration {
      small.width = 8
      small.frames = .each
      configuration = small
    }
    if var small = configuration as? VisionTransformer.Configuration {
      small.embedDim = 24
      small.depth = 2
      small.dropPath = 0.2
      configuration = small
    }
    if var small = configuration as? ConvolutionalNetwork.Configuration {
      small.architecture = "8C3-MP2-MP2-16C5-MP2-FC24-FC10"
      configuration = small
    }
    var generator = SeededGenerator(seed: seed)
    return try configuration.makeModel(for: Self.input, using: &generator)
  }

  /// Models over spikes run with the neurons that give them, and refuse the others.
  @Test(arguments: NeuronKind.allCases)
  func everyNeuronRunsOrIsRefused(_ kind: NeuronKind) throws {
    var spikformer = Spikformer.Configuration()
    var spikingformer = Spikingformer.Configuration()
    var spikeDriven = SpikeDrivenTransformer.Configuration()
    spikformer.neuron.kind = kind
    spikingformer.neuron.kind = kind
    spikeDriven.neuron.kind = kind
    (spikformer.embedDim, spikformer.depth) = (32, 1)
    (spikingformer.embedDim, spikingformer.depth) = (32, 1)
    (spikeDriven.embedDim, spikeDriven.depth) = (32, 1)
    let configurations: [any ModelConfiguration] = [spikformer, spikingformer, spikeDriven]
    for configuration in configurations {
      var generator = SeededGenerator(seed: 1)
      guard kind != .analogLeaky, kind != .analogParametricLeaky else {
        #expect(throws: SpikeNetError.self) {
          try configuration.makeModel(for: Self.input, using: &generator)
        }
        continue
      }
      let model = try configuration.makeModel(for: Self.input, using: &generator)
      let logits = model.logits(Variable(frames(seed: 1)), in: ForwardPass(.training))
      #expect(logits.shape.channels == 4)
    }
  }

  private func frames(seed: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: seed)
    return .random([3, 4, 32, 32, 2], rate: 0.3, using: &generator)
  }

  private let targets = Targets(labels: [0, 1, 2, 3], classes: 4)

  @Test(arguments: ModelRegistry.names)
  func everyParameterReceivesAGradient(_ name: String) throws {
    let model = try make(name)
    let pass = ForwardPass(.training)
    let logits = model.logits(Variable(frames(seed: 1)), in: pass)
    #expect(logits.shape.channels == 4)
    let gradients = pass.gradients(of: pass.crossEntropy(logits, targets))
    for (parameterName, parameter) in model.namedParameters {
      #expect(gradients[parameter]?.shape == parameter.value.shape, "\(parameterName)")
    }
  }

  @Test(arguments: ModelRegistry.names)
  func parameterNamesAreUniqueHereAndInTheOriginal(_ name: String) throws {
    let model = try make(name)
    let names = model.namedParameters.map(\.name) + model.namedBuffers.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(names.map(model.originalName(of:))).count == names.count)
  }

  @Test(arguments: ModelRegistry.names)
  func oneBatchCanBeLearnedByHeart(_ name: String) throws {
    let model = try make(name)
    var optimizer = OptimizerState(AdamW(), of: model)
    var losses: [Float] = []
    for _ in 0..<40 {
      let pass = ForwardPass(.training)
      let loss = pass.crossEntropy(model.logits(Variable(frames(seed: 1)), in: pass), targets)
      losses.append(loss.tensor.scalar)
      optimizer.apply(pass.gradients(of: loss), learningRate: 5e-3)
    }
    let last = try #require(losses.last)
    #expect(last < losses[0] * 0.85, "\(losses[0]) to \(last)")
  }

  /// The same weights, bit for bit, whatever the number of threads, and from run to run.
  @Test(arguments: ModelRegistry.names)
  func threadsDoNotChangeTheNumbers(_ name: String) throws {
    let results = try [1, 2, 7, 2].map { threads in
      let model = try make(name)
      var optimizer = OptimizerState(AdamW(), of: model)
      let parallel = Parallel(threads: threads)
      for step in 0..<3 {
        let pass = ForwardPass(.training, parallel: parallel)
        let logits = model.logits(Variable(frames(seed: UInt64(step))), in: pass)
        let gradients = pass.gradients(of: pass.crossEntropy(logits, targets))
        optimizer.apply(gradients, learningRate: 1e-3, parallel)
      }
      return model.namedParameters.map(\.parameter.value)
        + model.namedBuffers.map(\.buffer.value)
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
  }

  @Test func equalSeedsGiveEqualWeights() throws {
    let first = try make("spikingformer").namedParameters.map(\.parameter.value)
    #expect(try make("spikingformer").namedParameters.map(\.parameter.value) == first)
    #expect(try make("spikingformer", seed: 4).namedParameters.map(\.parameter.value) != first)
  }

  /// The published count includes four vectors a block that the authors' code builds and never uses.
  @Test func publishedSpikingformerHasThePublishedParameters() throws {
    for (classes, count) in [(11, 2_568_971), (10, 2_568_714)] {
      var generator = SeededGenerator(seed: 1)
      let input = ModelInput(steps: 16, height: 128, width: 128, channels: 2, classes: classes)
      let model = try Spikingformer.Configuration().makeModel(for: input, using: &generator)
      #expect(model.parameterCount + 2 * 4 * 256 == count)
    }
  }

  @Test func convolutionalNetworkHasThePublishedParameters() throws {
    var generator = SeededGenerator(seed: 1)
    let input = ModelInput(steps: 10, height: 34, width: 34, channels: 2, classes: 10)
    let model = try SpikingCNN.Configuration().makeModel(for: input, using: &generator)
    #expect(model.parameterCount == 35_886)
  }

  @Test(arguments: [
    "", "12C5", "FC10", "12C5-FC10-MP2", "C5-FC1", "0C5-FC10", "12C5-MP2-64C50-FC10",
    "99999C31-99999C1-FC10", "12C5-FC99999-FC99999",
  ])
  func unreadableArchitecturesAreRefused(_ architecture: String) {
    var configuration = SpikingCNN.Configuration()
    configuration.architecture = architecture
    var generator = SeededGenerator(seed: 1)
    #expect(throws: SpikeNetError.self) {
      try configuration.makeModel(for: Self.input, using: &generator)
    }
  }

  @Test func headsThatDoNotDivideTheChannelsAreRefused() {
    var configuration = Spikingformer.Configuration()
    configuration.heads = 3
    var generator = SeededGenerator(seed: 1)
    #expect(throws: SpikeNetError.self) {
      try configuration.makeModel(for: Self.input, using: &generator)
    }
  }

  @Test(arguments: [
    (1 << 14, 1 << 10, 4), (8, 2, 1 << 30), (1 << 40, 1, 4), (-8, 1, 4), (32, -1, 4),
  ])
  func sizesBeyondReasonAreRefused(_ embedDim: Int, _ depth: Int, _ mlpRatio: Int) {
    var configuration = Spikingformer.Configuration()
    configuration.embedDim = embedDim
    configuration.heads = embedDim > 64 ? embedDim / 64 : 1
    configuration.depth = depth
    configuration.mlpRatio = mlpRatio
    var generator = SeededGenerator(seed: 1)
    #expect(throws: SpikeNetError.self) {
      try configuration.makeModel(for: Self.input, using: &generator)
    }
  }

  private static let impossible: [any ModelConfiguration] = {
    var many = VisionTransformer.Configuration()
    many.patchSize = 1
    var uneven = VisionTransformer.Configuration()
    uneven.patchSize = 48
    var deep = Spikeformer.Configuration()
    deep.stages = 6
    var even = Spikeformer.Configuration()
    even.kernel = 4
    var all = Spikeformer.Configuration()
    all.dropPath = 1
    var wide = ResNet18.Configuration()
    wide.width = 1 << 20
    var unread = ConvolutionalNetwork.Configuration()
    unread.architecture = "8C3-FC10-MP2"
    return [many, uneven, deep, even, all, wide, unread]
  }()

  @Test(arguments: 0..<7)
  func impossibleConfigurationsAreRefused(_ index: Int) {
    let input = ModelInput(steps: 2, height: 160, width: 160, channels: 2, classes: 4)
    var generator = SeededGenerator(seed: 1)
    #expect(throws: SpikeNetError.self) {
      try Self.impossible[index].makeModel(for: input, using: &generator)
    }
  }

  /// A model of steps that it was not made for takes the codes of the nearest steps.
  @Test(arguments: [1, 2, 5])
  func spikeformerReadsOtherNumbersOfSteps(_ steps: Int) throws {
    let model = try make("spikeformer")
    var generator = SeededGenerator(seed: 2)
    let frames = Tensor.random([steps, 2, 32, 32, 2], rate: 0.3, using: &generator)
    let pass = ForwardPass(.training)
    let logits = model.logits(Variable(frames), in: pass)
    #expect(logits.shape == [2, 4])
    let gradients = pass.gradients(
      of: pass.crossEntropy(logits, Targets(labels: [0, 1], classes: 4))
    )
    let times = try #require(model.namedParameters.first { $0.name == "times" })
    let gradient = try #require(gradients[times.parameter]).scalars
    #expect(gradient.contains { $0 != 0 })
  }
}
