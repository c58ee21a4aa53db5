import SpikeNet
import Testing

struct OperationCountsTests {
  /// The authors' log of spikingformer-8-512 on ImageNet.
  @Test func workedExampleOfThePublishedModel() throws {
    let energy = EnergyConstants().millijoules(macs: 0.347329512e9, acs: 6.51754094076244e9)
    #expect(abs(energy - 7.463502601886196) < 1e-12)
    let published = try #require(PublishedModel.named("spikingformer-8-512"))
    var generator = SeededGenerator(seed: 0)
    let model = try published.configuration.makeModel(for: published.input, using: &generator)
    var counts = OperationCounts(of: model)
    counts.add(samples: 1)
    // Shapes alone: what is read as spikes is known, how many there are is not.
    let pass = ForwardPass(.shapes)
    pass.layerObserver = { counts.add($0) }
    let input = published.input
    _ = model.logits(Variable(.zeros(input.shape(samples: 1))), in: pass)
    #expect(counts.macs == 0.347329512e9)
    let dense = counts.layers.first { $0.name.hasSuffix("blocks.0.perceptron.first.convolution") }
    #expect(dense?.dense == Double(4 * 196 * (512 * 2048 + 2048)))
  }

  private func counts(
    _ configuration: some ModelConfiguration,
    _ frames: Tensor,
    batches: Int = 1
  ) throws -> (OperationCounts, [String: Double]) {
    let shape = frames.shape
    let input = ModelInput(
      steps: shape[0],
      height: shape[2],
      width: shape[3],
      channels: 2,
      classes: 5
    )
    var generator = SeededGenerator(seed: 4)
    let model = try configuration.makeModel(for: input, using: &generator)
    var counts = OperationCounts(of: model)
    var rates = FiringRates(of: model)
    for _ in 0..<batches {
      let pass = ForwardPass(.inference)
      // Batch statistics, so that neurons of fresh weights fire.
      let adopting = ForwardPass(.training)
      adopting.statisticsMomentum = 1
      _ = model.logits(Variable(frames), in: adopting)
      counts.add(samples: shape[1])
      pass.layerObserver = { counts.add($0) }
      pass.observer = { rates.add($1, of: $0) }
      _ = model.logits(Variable(frames), in: pass)
    }
    return (counts, Dictionary(rates.layerRates.map { ($0.name, $0.rate) }) { first, _ in first })
  }

  private func frames(_ steps: Int, _ batch: Int, _ size: Int) -> Tensor {
    var generator = SeededGenerator(seed: 9)
    let shape: Shape = [steps, batch, size, size, 2]
    return Tensor(shape, (0..<shape.count).map { _ in Float(generator.next() % 3) })
  }

  @Test func additionsFollowTheRatesOfTheSpikingformer() throws {
    var configuration = Spikingformer.Configuration()
    (configuration.embedDim, configuration.depth, configuration.heads) = (16, 1, 2)
    let (counts, rates) = try counts(configuration, frames(3, 2, 32), batches: 2)
    let layers = Dictionary(uniqueKeysWithValues: counts.layers.map { ($0.name, $0) })
    let first = try #require(layers["tokenizer.stages.0.convolution.convolution"])
    #expect(first.macs == Double(3 * 32 * 32 * 9 * 2 * 2) && first.acs == 0)
    #expect(first.effectiveMACs == first.macs * first.rate && first.rate > 0.5)
    let head = try #require(layers["head"])
    #expect(head.macs == Double(16 * 5 + 5) && head.acs == 0)
    let hidden = try #require(layers["blocks.0.perceptron.second.convolution"])
    let rate = try #require(rates["blocks.0.perceptron.hiddenNeuron"])
    #expect(rate > 0)
    #expect(hidden.macs == 0)
    #expect(abs(hidden.acs - Double(3 * 4 * (64 * 16 + 16)) * rate) < 1e-6)
    let attention = try #require(layers["blocks.0.attention"])
    let (q, k, v) = (
      try #require(rates["blocks.0.attention.projections.queryNeuron"]),
      try #require(rates["blocks.0.attention.projections.keyNeuron"]),
      try #require(rates["blocks.0.attention.projections.valueNeuron"])
    )
    #expect(abs(attention.acs - Double(3 * 2 * 4 * 8 * 8) * (min(k, v) + q)) < 1e-6)
    #expect(counts.acs == counts.layers.reduce(0) { $0 + $1.acs } && counts.acs > 0)
    #expect(counts.macs == first.macs + head.macs)
    #expect(counts.dense > counts.acs)
  }

  @Test func gatesCostAnAdditionForEachCoincidence() throws {
    var configuration = SpikeDrivenTransformer.Configuration()
    (configuration.embedDim, configuration.depth) = (16, 1)
    let (counts, rates) = try counts(configuration, frames(2, 1, 16))
    let attention = try #require(counts.layers.first { $0.name == "blocks.0.attention" })
    let (k, v) = (
      try #require(rates["blocks.0.attention.projections.keyNeuron"]),
      try #require(rates["blocks.0.attention.projections.valueNeuron"])
    )
    #expect(abs(attention.acs - Double(2 * 4 * 16) * min(k, v)) < 1e-6)
    #expect(attention.macs == 0)
  }

  @Test func emptyCountsAreZero() throws {
    var generator = SeededGenerator(seed: 1)
    let model = try SpikingCNN.Configuration().makeModel(
      for: ModelInput(steps: 2, height: 34, width: 34, channels: 2, classes: 10),
      using: &generator
    )
    let counts = OperationCounts(of: model)
    #expect(counts.macs == 0 && counts.acs == 0 && counts.layers.isEmpty)
  }
}
