/// Which samples each step of an epoch sees: an order from the seed and the epoch alone.
public struct BatchSampler: Sendable {
  /// The samples of the training part.
  public let samples: [Int]
  /// Samples per batch; the last batch of an epoch may have fewer.
  public let batchSize: Int
  /// Determines the order of every epoch.
  public let seed: Int

  /// Creates a sampler.
  public init(samples: [Int], batchSize: Int, seed: Int) {
    precondition(batchSize >= 1, "batch sampler: batches of \(batchSize)")
    self.samples = samples
    self.batchSize = batchSize
    self.seed = seed
  }

  /// The batches of an epoch in their order; every sample once.
  public func batches(epoch: Int) -> [[Int]] {
    var generator = RandomStream.order.generator(seed: seed, position: epoch)
    return Self.batches(shuffled(using: &generator), size: batchSize)
  }

  /// Consecutive batches without shuffling, as evaluation uses them.
  public static func batches(_ samples: [Int], size: Int) -> [[Int]] {
    stride(from: 0, to: samples.count, by: size).map {
      Array(samples[$0..<min($0 + size, samples.count)])
    }
  }

  /// Fisher and Yates; spelled out, because the standard library may change its own.
  private func shuffled(using generator: inout SeededGenerator) -> [Int] {
    var order = samples
    for last in order.indices.dropFirst().reversed() {
      let pick = generator.next().multipliedFullWidth(by: UInt64(last + 1)).high
      order.swapAt(last, Int(pick))
    }
    return order
  }
}
