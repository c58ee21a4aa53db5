/// What happens to the samples of a training batch on their way to the model.
///
/// Everything random follows from the seed, the epoch and the sample, or the batch's place in the
/// epoch; so it is the same on whatever thread, and after an interruption.
public struct BatchPreparation: Sendable {
  /// How samples are changed.
  public var augmentation = AugmentationConfiguration()
  /// How samples are mixed.
  public var mixing = MixingConfiguration()
  /// How many frames are left, drawn anew for every batch; 0 for all.
  public var trainedSteps = 0
  /// The share of a target that all classes divide among them.
  public var smoothing: Float = 0
  /// The seed of the run.
  public var seed = 0
  /// The epoch, from 0.
  public var epoch = 0

  /// Prepares nothing but plain batches.
  public init() {}

  /// What a run does to the batches of an epoch.
  public init(_ configuration: TrainingConfiguration, epoch: Int) {
    augmentation = configuration.augment
    mixing = configuration.mix
    trainedSteps = configuration.trainedSteps
    smoothing = Float(configuration.loss.labelSmoothing)
    seed = configuration.seed
    self.epoch = epoch
  }

  /// Changes one sample `[T, H, W, C]` of a data set.
  func augment(_ sample: inout Tensor, index: Int) {
    guard !augmentation.isIdentity else { return }
    var generator = generator(.augmentation, index)
    for transform in augmentation.transforms(for: sample.shape, using: &generator) {
      transform.apply(to: &sample)
    }
  }

  /// The frames of a batch that remain, in order.
  func frames(of steps: Int, batch: Int) -> [Int] {
    guard trainedSteps > 0, trainedSteps < steps else { return Array(0..<steps) }
    var generator = generator(.frames, batch)
    var left = Array(0..<steps)
    while left.count > trainedSteps { left.remove(at: generator.integer(below: left.count)) }
    return left
  }

  /// Mixes the samples of a batch, if it is to be mixed.
  func mix(_ frames: inout Tensor, _ targets: inout Tensor, batch: Int) {
    var generator = generator(.mixing, batch)
    mixing.mix(epoch: epoch, shape: frames.shape, using: &generator)?
      .apply(to: &frames, &targets)
  }

  private func generator(_ purpose: RandomStream, _ position: Int) -> SeededGenerator {
    var epochs = purpose.generator(seed: seed, position: epoch)
    return SeededGenerator(seed: epochs.next(), stream: UInt64(position))
  }
}
