import Foundation
import SpikeNet
import Testing
import _TestSupport

struct TrainerTests {
  private let data = NoiseDataset().data

  private func trainer(
    _ configuration: TrainingConfiguration = .tiny(),
    _ directory: RunDirectory? = nil
  ) throws -> Trainer {
    try directory?.create()
    let model = TinyModel(data.description, seed: configuration.seed)
    return try Trainer(model, configuration, data: data, directory: directory)
  }

  @Test func lossFallsAndAccuracyRises() throws {
    let trainer = try trainer(.tiny(epochs: 20))
    #expect(try trainer.run() == .finished)
    let history = trainer.progress.history
    #expect(history.count == 20)
    #expect(history[19].trainLoss < 0.7 * history[0].trainLoss)
    #expect(history[19].testTop1 == 1)
  }

  @Test func sameSeedGivesTheSameWeightsForAnyNumberOfThreads() throws {
    let states = try [1, 2, 3].map { threads in
      var configuration = TrainingConfiguration.tiny()
      configuration.threads = threads
      let trainer = try trainer(configuration)
      _ = try trainer.run()
      return state(of: trainer.model)
    }
    #expect(states[0] == states[1])
    #expect(states[0] == states[2])
  }

  /// No step of the second epoch has been taken when the first is reported, yet its samples are read.
  @Test func nextEpochIsReadBeforeItBegins() throws {
    let dataset = CountingDataset()
    let noise = NoiseDataset().data
    let data = TrainingData(dataset, training: noise.training, validation: [], test: noise.test)
    let trainer = try Trainer(TinyModel(data.description), .tiny(epochs: 2), data: data)
    let deadline = ContinuousClock.now + .seconds(20)
    _ = try trainer.run { event in
      guard case .epoch(let record) = event, record.epoch == 1 else { return }
      while dataset.reads(of: noise.training) == noise.training.count,
        ContinuousClock.now < deadline
      {}
      #expect(dataset.reads(of: noise.training) > noise.training.count)
    }
    #expect(dataset.reads(of: noise.training) == 2 * noise.training.count)
  }

  @Test func otherSeedGivesOtherWeights() throws {
    let states = try [0, 1].map { seed in
      var configuration = TrainingConfiguration.tiny(epochs: 1)
      configuration.seed = seed
      let trainer = try trainer(configuration)
      _ = try trainer.run()
      return state(of: trainer.model)
    }
    #expect(states[0] != states[1])
  }

  @Test(arguments: [1, 3, 5, 6, 12, 15])
  func resumedRunEndsWithTheSameWeightsAndMetrics(_ steps: Int) throws {
    let folder = try TemporaryFolder()
    let whole = try trainer()
    _ = try whole.run()

    let directory = RunDirectory(folder.path)
    let first = try trainer(.tiny(), directory)
    var done = 0
    let outcome = try first.run { event in
      if case .step = event { done += 1 }
    } until: {
      done == steps
    }
    #expect(outcome == .stopped)

    var elsewhere = TrainingConfiguration.tiny()
    elsewhere.seed = 0
    let second = try trainer(elsewhere, directory)
    try second.resume(from: Checkpoint.read(directory.last))
    #expect(second.progress.totalSteps == steps)
    #expect(try second.run() == .finished)
    #expect(state(of: second.model) == state(of: whole.model))
    #expect(timeless(second) == timeless(whole))
  }

  /// The history without how long things took.
  private func timeless(_ trainer: Trainer) -> [EpochRecord] {
    trainer.progress.history.map { record in
      var record = record
      (record.trainSeconds, record.evaluationSeconds, record.samplesPerSecond) = (0, 0, 0)
      record.waitSeconds = nil
      return record
    }
  }

  @Test func eventsComeInOrder() throws {
    let folder = try TemporaryFolder()
    var names: [String] = []
    _ = try trainer(.tiny(epochs: 2), RunDirectory(folder.path)).run { event in
      switch event {
      case .started(let start):
        #expect(start.stepsPerEpoch == 5 && start.epochs == 2 && start.history.isEmpty)
        #expect(start.trainingSamples == 18 && start.testSamples == 6)
        names.append("started")
      case .step(let step): names.append("\(step.epoch).\(step.step)")
      case .epoch(let record): names.append("epoch \(record.epoch)")
      case .saved: names.append("saved")
      }
    }
    let epochs = (1...2).flatMap { epoch in
      (1...5).map { "\(epoch).\($0)" } + ["epoch \(epoch)", "saved"]
    }
    #expect(names == ["started"] + epochs)
  }

  @Test func validationPartChoosesTheBestEpoch() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.path)
    try directory.create()
    var data = data
    data.validation = Array(data.test.prefix(3))
    data.test = Array(data.test.suffix(3))
    let model = TinyModel(data.description)
    let trainer = try Trainer(model, .tiny(epochs: 6), data: data, directory: directory)
    _ = try trainer.run()
    let history = trainer.progress.history
    let accuracies = history.compactMap(\.validationTop1)
    #expect(accuracies.count == 6)
    let best = try #require(trainer.progress.best)
    #expect(best.top1 == accuracies.max())
    #expect(best.epoch == accuracies.firstIndex(of: best.top1).map { $0 + 1 })
    #expect(try Checkpoint.read(directory.best).progress.epoch == best.epoch)
    #expect(try Checkpoint.read(directory.last).progress.epoch == 6)
  }

  @Test func divergedLossStopsAndNamesAParameter() throws {
    var configuration = TrainingConfiguration.tiny()
    configuration.optimizer.name = .sgd
    configuration.optimizer.learningRate = 1e6
    configuration.optimizer.weightDecay = 1e6
    configuration.epochs = 20
    let trainer = try trainer(configuration)
    let error = #expect(throws: SpikeNetError.self) { try trainer.run() }
    #expect(error?.kind == .diverged)
    #expect(error?.reason.contains("optimizer.lr") == true)
  }

  @Test func brokenSampleStopsTheRun() throws {
    var dataset = NoiseDataset()
    dataset.brokenSample = 7
    let trainer = try Trainer(TinyModel(data.description), .tiny(), data: dataset.data)
    let error = #expect(throws: SpikeNetError.self) { try trainer.run() }
    #expect(error?.reason == "sample 7 is broken")
  }

  @Test func emptyTrainingPartIsRefused() throws {
    var data = data
    data.training = []
    #expect(throws: SpikeNetError.self) {
      try Trainer(TinyModel(data.description), .tiny(), data: data)
    }
  }

  @Test func otherBatchSizeBeginsTheInterruptedEpochAnew() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.path)
    let first = try trainer(.tiny(), directory)
    _ = try first.run(until: { first.progress.totalSteps == 7 })
    #expect(first.progress.step == 2)
    var configuration = TrainingConfiguration.tiny()
    configuration.batchSize = 9
    let second = try trainer(configuration)
    try second.resume(from: Checkpoint.read(directory.last))
    #expect(second.progress.epoch == 1 && second.progress.step == 0)
    #expect(try second.run() == .finished)
    #expect(second.progress.history.count == 3)
  }
}
