/// How long a model takes for one sample, without reading it.
public struct Latency: Sendable {
  /// The times of single samples in milliseconds, sorted.
  public let milliseconds: [Double]

  /// Measures up to 50 samples, after two that warm up.
  public init(
    _ model: any Model,
    on samples: [Int],
    of dataset: any Dataset,
    _ parallel: Parallel
  ) throws {
    let batches = samples.prefix(50).map { [$0] }
    let loader = BatchLoader(dataset, batches: Array(batches.prefix(2) + batches))
    var times: [Double] = []
    while let batch = try loader.next() {
      let start = ContinuousClock.now
      _ = model.logits(
        Variable(batch.frames),
        in: ForwardPass(.inference, parallel: parallel)
      )
      times.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    milliseconds = times.dropFirst(min(2, times.count / 2)).sorted()
  }

  /// The time that a share of the samples stays below; 0 without samples.
  public func percentile(_ share: Double) -> Double {
    guard !milliseconds.isEmpty else { return 0 }
    let position = Int((share * Double(milliseconds.count)).rounded(.up)) - 1
    return milliseconds[min(max(position, 0), milliseconds.count - 1)]
  }
}
