extension TrainingRecipe {
  private static let withoutColours = "published with RandAugment, which is not part of this"

  /// Spikformer and Spikingformer on images, each shown four times.
  static let images: [TrainingRecipe] = [
    small("spikingformer", "CIFAR-10", epochs: 400, batchSize: 64, top1: 0.9581),
    small("spikingformer", "CIFAR-100", epochs: 400, batchSize: 64, top1: 0.7921),
    small("spikformer", "CIFAR-10", epochs: 300, batchSize: 128),
    small("spikformer", "CIFAR-100", epochs: 300, batchSize: 128),
    large("spikingformer", top1: 0.7479),
    large("spikformer"),
  ]

  private static func small(
    _ family: String,
    _ dataset: String,
    epochs: Int,
    batchSize: Int,
    top1: Double? = nil
  ) -> TrainingRecipe {
    let name = dataset == "CIFAR-10" ? "cifar10" : "cifar100"
    return TrainingRecipe(
      "\(family)-\(name)-t4",
      model: "\(family)-4-384",
      dataset: dataset,
      publishedTop1: top1,
      remark: withoutColours
    ) { run in
      run.input = InputExpectation(steps: 4, height: 32, width: 32)
      run.epochs = epochs
      run.batchSize = batchSize
      run.optimizer.learningRate = 5e-4
      run.optimizer.weightDecay = 0.06
      run.schedule.warmUpEpochs = 20
      run.schedule.warmUpRate = 1e-5
      run.schedule.minimumRate = 1e-5
      run.schedule.cooldownEpochs = 10
      run.augment.flip = 0.5
      run.augment.erasing = 0.25
      run.mix.mixup = 0.5
      run.mix.offEpoch = 200
      if dataset == "CIFAR-100", run.model.options["heads"] != nil {
        run.model.options = run.model.options.setting(["heads"], to: .integer(8))
      }
    }
  }

  private static func large(_ family: String, top1: Double? = nil) -> TrainingRecipe {
    TrainingRecipe(
      "\(family)-imagenet-t4",
      model: "\(family)-8-512",
      dataset: "ImageNet",
      publishedTop1: top1,
      remark: withoutColours
    ) { run in
      run.input = InputExpectation(steps: 4, height: 224, width: 224)
      run.epochs = 300
      run.optimizer.learningRate = 5e-4
      run.optimizer.weightDecay = 0.05
      run.schedule.warmUpEpochs = 20
      run.schedule.warmUpRate = 1e-6
      run.schedule.minimumRate = 1e-5
      run.schedule.cooldownEpochs = 10
      run.augment.flip = 0.5
      run.mix.mixup = 0.8
      run.mix.cutmix = 1
    }
  }
}
