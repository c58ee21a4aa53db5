/// Samples that one step sees together.
public struct Batch: Sendable {
  /// Counts `[T, B, H, W, C]`.
  public let frames: Tensor
  /// The class index of every sample.
  public let labels: [Int]
  /// What each sample should be classified as; of mixed samples, several classes.
  public let targets: Targets

  /// Reads samples from a data set.
  ///
  /// - Parameters:
  ///   - number: The place of the batch in its epoch.
  ///   - scratch: Room for one sample, reused from call to call.
  init(
    _ samples: [Int],
    of dataset: some Dataset,
    number: Int,
    _ preparation: BatchPreparation,
    scratch: inout Tensor
  ) throws {
    let shape = dataset.sampleShape
    let frameSize = shape.count / max(shape[0], 1)
    let steps = preparation.frames(of: shape[0], batch: number)
    var frames = Tensor(uninitialized: [steps.count, samples.count, shape[1], shape[2], shape[3]])
    let target = frames.mutablePointer
    for (position, index) in samples.enumerated() {
      try dataset.readSample(
        at: index,
        into: UnsafeMutableBufferPointer(start: scratch.mutablePointer, count: shape.count)
      )
      preparation.augment(&scratch, index: index)
      let source = scratch.pointer
      for (step, sourceStep) in steps.enumerated() {
        (target + (step * samples.count + position) * frameSize)
          .update(from: source + sourceStep * frameSize, count: frameSize)
      }
    }
    labels = samples.map(dataset.label)
    var probabilities = Targets(
      labels: labels,
      classes: dataset.classNames.count,
      smoothing: preparation.smoothing
    ).probabilities
    preparation.mix(&frames, &probabilities, batch: number)
    self.frames = frames
    targets = Targets(probabilities: probabilities)
  }
}
