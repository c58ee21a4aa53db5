import Foundation
import SpikeNet
import Testing
import _TestSupport

struct TrainingFeatureTests {
  private let data = NoiseDataset().data

  private func trainer(
    _ change: (inout TrainingConfiguration) -> Void,
    _ directory: RunDirectory? = nil
  ) throws -> Trainer {
    try directory?.create()
    var configuration = TrainingConfiguration.tiny()
    change(&configuration)
    let model = TinyModel(data.description, seed: configuration.seed)
    return try Trainer(model, configuration, data: data, directory: directory)
  }

  private func everything(_ configuration: inout TrainingConfiguration) {
    configuration.augment.flip = 0.5
    configuration.augment.policy = .snnAugmentWide
    configuration.augment.dropEvents = 0.3
    configuration.mix.mixup = 0.5
    configuration.mix.cutmix = 0.5
    configuration.mix.probability = 0.8
    configuration.mix.offEpoch = 2
    configuration.trainedSteps = 2
    configuration.averageDecay = 0.9
    configuration.accumulationSteps = 2
    configuration.batchSize = 3
    configuration.checkpointEvery = 2
    configuration.optimizer.gradientNormLimit = 0.5
  }

  @Test(arguments: [1, 2, 3, 4, 7])
  func resumedRunWithEverythingEndsWithTheSameWeights(_ steps: Int) throws {
    let folder = try TemporaryFolder()
    let whole = try trainer(everything, RunDirectory(folder.file("whole")))
    _ = try whole.run()
    let directory = RunDirectory(folder.file("run"))
    let first = try trainer(everything, directory)
    #expect(try first.run(until: { first.progress.totalSteps == steps }) == .stopped)
    let second = try trainer(everything, directory)
    try second.resume(from: Checkpoint.read(directory.last))
    #expect(try second.run() == .finished)
    #expect(state(of: second.model) == state(of: whole.model))
    let averages = try [RunDirectory(folder.file("whole")), directory].map { run in
      let (model, checkpoint) = (TinyModel(data.description), try Checkpoint.read(run.last))
      #expect(checkpoint.hasAverage)
      try checkpoint.load(into: model)
      return state(of: model)
    }
    #expect(averages[0] == averages[1])
    #expect(averages[0] != state(of: second.model))
    let records = [whole, second].map { $0.progress.history.map(\.trainLoss) }
    #expect(records[0] == records[1])
    #expect(try Checkpoint.read(directory.checkpoint(epoch: 2)).progress.epoch == 2)
  }

  @Test func eachFeatureChangesTheWeights() throws {
    let plain = try trainer { _ in }
    _ = try plain.run()
    let changes: [(inout TrainingConfiguration) -> Void] = [
      { $0.augment.flip = 0.5 }, { $0.mix.mixup = 1 }, { $0.mix.cutmix = 1 },
      { $0.mix.eventMix = 1 }, { $0.trainedSteps = 1 }, { $0.accumulationSteps = 2 },
      { $0.optimizer.gradientNormLimit = 1e-3 }, { $0.schedule.decayEpochs = 1 },
    ]
    for (index, change) in changes.enumerated() {
      let other = try trainer {
        change(&$0)
        if index == 7 { $0.schedule.name = .step }
      }
      _ = try other.run()
      #expect(state(of: other.model) != state(of: plain.model), "change \(index)")
    }
  }

  @Test func averagedWeightsFollowTheirEquation() throws {
    let trainer = try trainer { $0.averageDecay = 0.75 }
    var expected = state(of: trainer.model).map(\.scalars)
    _ = try trainer.run { event in
      guard case .step = event else { return }
      for (index, tensor) in state(of: trainer.model).enumerated() {
        expected[index] = zip(expected[index], tensor.scalars).map { 0.75 * $0 + 0.25 * $1 }
      }
    }
    let average = try #require(trainer.average)
    average.swapped(into: trainer.model) {
      #expect(state(of: trainer.model).map(\.scalars) == expected)
    }
    #expect(state(of: trainer.model).map(\.scalars) != expected)
  }

  /// A network without batch normalisation, which would see each small batch by itself.
  @Test func accumulatedGradientsAreThoseOfTheLargeBatch() throws {
    func weights(batchSize: Int, steps: Int) throws -> [Tensor] {
      let architecture = ConfigurationValue.section([])
        .setting(["model", "name"], to: .text("csnn"))
        .setting(["model", "architecture"], to: .text("4C3-MP2-FC3"))
      var configuration = try TrainingConfiguration.resolved([architecture])
      configuration.batchSize = batchSize
      configuration.accumulationSteps = steps
      configuration.epochs = 2
      // A step in proportion to the gradient, unlike Adam's.
      configuration.optimizer.name = .sgd
      configuration.optimizer.momentum = 0
      configuration.threads = 1
      var data = data
      data.training = Array(0..<17)
      let model = try configuration.model.makeModel(for: data.description.input, seed: 1)
      let trainer = try Trainer(model, configuration, data: data)
      _ = try trainer.run()
      #expect(trainer.progress.totalSteps == 2 * 3)
      return state(of: model)
    }
    let (large, small) = try (weights(batchSize: 6, steps: 1), weights(batchSize: 2, steps: 3))
    for (a, b) in zip(large, small) {
      expectClose(a, b, tolerance: 1e-6, "weights")
      #expect(a.scalars.contains { $0 != 0 })
    }
  }

  @Test func learningRateFollowsTheSamplesPerStep() {
    var configuration = TrainingConfiguration.tiny()
    configuration.schedule.name = .constant
    configuration.batchSize = 32
    configuration.accumulationSteps = 2
    configuration.optimizer.learningRate = 0.1
    #expect(configuration.learningRates.rate(epoch: 0) == 0.1)
    configuration.optimizer.scaling = .linear
    #expect(configuration.learningRates.rate(epoch: 0) == 0.025)
    configuration.optimizer.scaling = .sqrt
    #expect(configuration.learningRates.rate(epoch: 0) == 0.05)
  }

  @Test func periodicDecayHasItsMilestones() {
    var configuration = TrainingConfiguration.tiny(epochs: 600)
    configuration.schedule.name = .step
    configuration.schedule.decayEpochs = 192
    let rates = [0, 191, 192, 383, 384, 599].map(configuration.learningRates.rate)
    for (rate, expected) in zip(rates, [0.02, 0.02, 2e-3, 2e-3, 2e-4, 2e-5]) {
      #expect(abs(rate - expected) < 1e-12)
    }
  }

  @Test func temporalLossNeedsAResultForEveryStep() throws {
    let trainer = try trainer { $0.loss.name = .temporalEfficient }
    let error = #expect(throws: SpikeNetError.self) { try trainer.run() }
    #expect(error?.kind == .configuration && error?.reason.contains("loss_per_step") == true)
  }

  @Test func divergenceNamesTheLayer() throws {
    let trainer = try trainer { _ in }
    let huge = try #require(
      trainer.model.namedParameters.first { $0.name == "convolution.weight" }?.parameter
    )
    huge.value = .filled(huge.value.shape, with: .greatestFiniteMagnitude)
    let error = #expect(throws: SpikeNetError.self) { try trainer.run() }
    #expect(error?.kind == .diverged)
    #expect(
      error?.reason.contains("output of layer convolution") == true,
      "\(String(describing: error))"
    )
    // The step that failed has moved nothing.
    #expect(huge.value.scalars.allSatisfy { $0 == .greatestFiniteMagnitude })

    let broken = try self.trainer { _ in }
    let weights = try #require(
      broken.model.namedParameters.first { $0.name == "convolution.weight" }?.parameter
    )
    weights.value[3] = .nan
    let other = #expect(throws: SpikeNetError.self) { try broken.run() }
    #expect(other?.reason.contains("weights of layer convolution") == true)
  }

  @Test func checkpointWithoutLaterKeysHasTheirDefaults() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.path)
    _ = try trainer({ $0.optimizer.learningRate = 0.03 }, directory).run()
    let file = try Safetensors.read(directory.last)
    var metadata = file.metadata
    let config = try #require(metadata["config"])
    var tree = try JSONDecoder().decode(ConfigurationValue.self, from: Data(config.utf8))
    for key in ["augment", "mix", "recipe", "ema_decay"] { tree = tree.removing(key) }
    metadata["config"] = String(decoding: try JSONEncoder().encode(tree), as: UTF8.self)
    let old = folder.file("old.safetensors")
    try Safetensors.write([], metadata: metadata, to: old)
    let configuration = try Checkpoint.read(old).configuration
    #expect(configuration.optimizer.learningRate == 0.03 && configuration.epochs == 3)
    #expect(configuration.augment.isIdentity)
  }
}
