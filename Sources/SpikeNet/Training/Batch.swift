/// Samples that one step sees together.
public struct Batch: Sendable {
  /// Counts `[T, B, H, W, C]`.
  public let frames: Tensor
  /// The class index of every sample.
  public let labels: [Int]

  /// Reads samples from a data set.
  ///
  /// - Parameter scratch: Room for one sample, reused from call to call.
  init(_ samples: [Int], of dataset: some Dataset, scratch: inout Tensor) throws {
    let shape = dataset.sampleShape
    let (steps, frameSize) = (shape[0], shape.count / max(shape[0], 1))
    var frames = Tensor(uninitialized: [steps, samples.count, shape[1], shape[2], shape[3]])
    let target = frames.mutablePointer
    let sample = UnsafeMutableBufferPointer(start: scratch.mutablePointer, count: shape.count)
    for (position, index) in samples.enumerated() {
      try dataset.readSample(at: index, into: sample)
      guard let source = sample.baseAddress else { continue }
      for step in 0..<steps {
        (target + (step * samples.count + position) * frameSize)
          .update(from: source + step * frameSize, count: frameSize)
      }
    }
    self.frames = frames
    labels = samples.map(dataset.label)
  }
}
