import SpikeNet
import Testing

struct BatchSamplerTests {
  private let sampler = BatchSampler(samples: Array(10..<33), batchSize: 5, seed: 3)

  @Test func everySampleComesOnceAnEpoch() {
    let batches = sampler.batches(epoch: 4)
    #expect(batches.map(\.count) == [5, 5, 5, 5, 3])
    #expect(batches.flatMap(\.self).sorted() == Array(10..<33))
  }

  @Test func orderDependsOnSeedAndEpochAlone() {
    #expect(sampler.batches(epoch: 4) == sampler.batches(epoch: 4))
    #expect(sampler.batches(epoch: 4) != sampler.batches(epoch: 5))
    let other = BatchSampler(samples: sampler.samples, batchSize: 5, seed: 4)
    #expect(sampler.batches(epoch: 4) != other.batches(epoch: 4))
  }

  @Test func orderIsFixedForAllTime() {
    // A change here would change every published run.
    let sampler = BatchSampler(samples: Array(0..<8), batchSize: 8, seed: 0)
    #expect(sampler.batches(epoch: 0) == [[7, 6, 1, 5, 3, 2, 4, 0]])
  }

  @Test func everyPositionIsReachedByEverySample() {
    let sampler = BatchSampler(samples: [0, 1, 2], batchSize: 3, seed: 1)
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<600 { counts[sampler.batches(epoch: epoch)[0], default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { (60...140).contains($0) })
  }

  @Test func noSamplesGiveNoBatches() {
    #expect(BatchSampler(samples: [], batchSize: 2, seed: 0).batches(epoch: 0).isEmpty)
  }
}
