/// What a model knows after each frame: evaluations with the first t frames of every sample.
public struct AnytimeEvaluation: Sendable {
  /// One number of frames and what came of it.
  public struct Entry: Sendable {
    /// How many frames, from 1 to T.
    public let steps: Int
    /// Accuracy, loss, firing rates, operations.
    public let evaluation: Evaluation
    /// The time of single samples.
    public let latency: Latency
  }

  /// From one frame to all.
  public let entries: [Entry]

  /// Evaluates the model T times.
  public init(
    _ model: any Model,
    on samples: [Int],
    of dataset: any Dataset,
    batchSize: Int,
    _ parallel: Parallel
  ) throws {
    entries = try (1...dataset.sampleShape[0]).map { steps in
      let first = FirstFrames(of: dataset, steps: steps)
      return Entry(
        steps: steps,
        evaluation: try Evaluation(
          model,
          on: samples,
          of: first,
          batchSize: batchSize,
          parallel
        ),
        latency: try Latency(model, on: Array(samples.prefix(20)), of: first, parallel)
      )
    }
  }
}

/// A data set whose samples end after some frames.
struct FirstFrames: Dataset {
  private let dataset: any Dataset
  private let steps: Int

  init(of dataset: any Dataset, steps: Int) {
    self.dataset = dataset
    self.steps = steps
  }

  var count: Int { dataset.count }
  var classNames: [String] { dataset.classNames }
  var sampleShape: Shape { Shape([steps] + dataset.sampleShape.dimensions.dropFirst()) }

  func label(at index: Int) -> Int { dataset.label(at: index) }

  func readSample(at index: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
    var whole = [Float](repeating: 0, count: dataset.sampleShape.count)
    try whole.withUnsafeMutableBufferPointer { try dataset.readSample(at: index, into: $0) }
    _ = target.update(from: whole.prefix(target.count))
  }
}
