extension TrainingRecipe {
  private static let gesture = "DVS128 Gesture"
  private static let cifar = "CIFAR10-DVS"

  /// Spikformer (Zhou et al., 2023) and Spikingformer (Zhou et al., 2023) on event cameras.
  static let spikformerFamily: [TrainingRecipe] = [
    events("spikingformer", gesture, steps: 16, epochs: 192, top1: 0.983),
    events("spikingformer", gesture, steps: 10, epochs: 192, top1: 0.962),
    events("spikingformer", cifar, steps: 16, epochs: 96, top1: 0.813),
    events("spikingformer", cifar, steps: 10, epochs: 96, top1: 0.799),
    events("spikformer", gesture, steps: 16, epochs: 192),
    events("spikformer", gesture, steps: 10, epochs: 192),
    events("spikformer", cifar, steps: 16, epochs: 96),
    events("spikformer", cifar, steps: 10, epochs: 96),
  ]

  private static func events(
    _ family: String,
    _ dataset: String,
    steps: Int,
    epochs: Int,
    top1: Double? = nil
  ) -> TrainingRecipe {
    let name = dataset.lowercased().replacing(" ", with: "-")
    return TrainingRecipe(
      "\(family)-\(name)-t\(steps)",
      model: "\(family)-2-256",
      dataset: dataset,
      publishedTop1: top1
    ) { run in
      run.input = InputExpectation(steps: steps, height: 128, width: 128)
      run.epochs = epochs
      run.batchSize = 16
      run.optimizer.learningRate = 1e-3
      run.optimizer.weightDecay = 0.06
      run.schedule.warmUpEpochs = 10
      run.schedule.warmUpRate = 1e-5
      run.schedule.minimumRate = 1e-5
      run.schedule.cooldownEpochs = 10
      run.loss.labelSmoothing = 0.1
      run.augment.flip = 0.5
      run.augment.policy = .snnAugmentWide
      run.mix.mixup = 0.5
      run.mix.probability = 0.5
      run.mix.offEpoch = 75
    }
  }

  /// Spike-driven Transformer (Yao et al., 2023).
  static let spikeDriven: [TrainingRecipe] = [
    TrainingRecipe("sdt-dvs128-gesture-t16", model: "sdt-2-256", dataset: gesture) { run in
      run.input = InputExpectation(steps: 16, height: 128, width: 128)
      run.epochs = 200
      run.batchSize = 16
      run.optimizer.name = .lamb
      run.optimizer.learningRate = 3e-4
      run.optimizer.weightDecay = 0.06
      run.optimizer.epsilon = 1e-6
      run.schedule.warmUpEpochs = 10
      run.schedule.warmUpRate = 1e-6
      run.schedule.minimumRate = 1e-5
      run.schedule.cooldownEpochs = 10
    },
    TrainingRecipe(
      "sdt-cifar10-dvs-t10",
      model: "sdt-2-256-cifar10-dvs",
      dataset: cifar,
      remark: "epochs and warm-up epochs were not published; frames are halved on reading"
    ) { run in
      run.input = InputExpectation(steps: 10, height: 64, width: 64)
      run.input.downscale = 2
      run.epochs = 200
      run.batchSize = 32
      run.optimizer.learningRate = 7.5e-3
      run.optimizer.weightDecay = 1e-4
      run.schedule.warmUpEpochs = 10
      run.schedule.warmUpRate = 1e-3
      run.schedule.minimumRate = 3e-4
      run.schedule.cooldownEpochs = 10
      run.loss.name = .temporalEfficient
      run.loss.tetMean = 1
      run.loss.tetWeight = 1e-3
      run.augment.policy = .snnAugmentWideWithoutCutout
      run.augment.cutout = 16
    },
  ]

  /// Spikeformer (Li et al., 2022); its learning rate on CIFAR10-DVS is that on Gesture.
  static let spikeformers: [TrainingRecipe] = [
    TrainingRecipe(
      "spikeformer-dvs128-gesture-t16",
      model: "spikeformer-7-256",
      dataset: gesture
    ) { run in
      run.input = InputExpectation(steps: 16, height: 128, width: 128)
      run.epochs = 150
      run.batchSize = 16
      run.optimizer.name = .adam
      run.optimizer.learningRate = 1e-3
      run.optimizer.weightDecay = 1.5e-4
      run.optimizer.decaysMatricesOnly = false
      run.schedule.warmUpEpochs = 20
      run.loss.labelSmoothing = 0
    },
    TrainingRecipe(
      "spikeformer-cifar10-dvs-t4",
      model: "spikeformer-7-256-cifar10-dvs",
      dataset: cifar,
      publishedTop1: 0.814,
      remark: "samples are rolled in height and width, not in channels and height"
    ) { run in
      run.input = InputExpectation(steps: 4, height: 128, width: 128)
      run.epochs = 600
      run.batchSize = 32
      run.optimizer.name = .adam
      run.optimizer.learningRate = 1e-3
      run.optimizer.weightDecay = 1e-4
      run.optimizer.decaysMatricesOnly = false
      run.schedule.name = .step
      run.schedule.decayEpochs = 192
      run.schedule.warmUpEpochs = 0
      run.loss.labelSmoothing = 0.14
      run.augment.flip = 0.5
      run.augment.roll = 5
    },
  ]

  /// The convolutional network of snnTorch's tutorials (Eshraghian et al., 2023).
  static let convolutional: [TrainingRecipe] = [
    TrainingRecipe(
      "csnn-n-mnist",
      model: "csnn",
      dataset: "N-MNIST",
      publishedTop1: 0.9821,
      remark: "published with frames of 1 ms; any number of frames is taken"
    ) { run in
      run.input = InputExpectation(steps: 0, height: 34, width: 34)
      run.epochs = 20
      run.batchSize = 1024
      run.optimizer.name = .adam
      run.optimizer.learningRate = 1e-2
      run.optimizer.weightDecay = 0
      run.schedule.name = .step
      run.schedule.milestones = [10, 15]
      run.schedule.warmUpEpochs = 0
      run.loss.labelSmoothing = 0
    }
  ]
}
