import SpikeNet
import Testing

struct BatchLoaderTests {
  private let dataset = NoiseDataset()

  private func read(threads: Int, ahead: Int) throws -> [Batch] {
    let loader = BatchLoader(
      dataset,
      batches: [[3, 1], [0], [23, 22, 21], [5, 5]],
      threads: threads,
      ahead: ahead
    )
    var batches: [Batch] = []
    while let batch = try loader.next() { batches.append(batch) }
    return batches
  }

  @Test(arguments: [(1, 1), (2, 1), (2, 3), (5, 9)])
  func batchesComeInOrderForAnyNumberOfThreads(_ threads: Int, _ ahead: Int) throws {
    let batches = try read(threads: threads, ahead: ahead)
    #expect(batches.map(\.labels) == [[0, 1], [0], [2, 1, 0], [2, 2]])
    #expect(batches[2].frames.shape == [3, 3, 6, 5, 2])
  }

  @Test func timeComesBeforeTheSample() throws {
    let batch = try read(threads: 1, ahead: 1)[0]
    let size = dataset.sampleShape.count
    for (position, index) in [3, 1].enumerated() {
      let sample = UnsafeMutableBufferPointer<Float>.allocate(capacity: size)
      defer { sample.deallocate() }
      try dataset.readSample(at: index, into: sample)
      for element in 0..<size {
        let (step, rest) = element.quotientAndRemainder(dividingBy: 60)
        #expect(batch.frames[(step * 2 + position) * 60 + rest] == sample[element])
      }
    }
  }

  @Test func brokenSampleThrowsInItsTurn() throws {
    var dataset = dataset
    dataset.brokenSample = 4
    let loader = BatchLoader(dataset, batches: [[0], [1, 4], [2]], threads: 3, ahead: 3)
    #expect(try loader.next()?.labels == [0])
    #expect(throws: SpikeNetError.self) { try loader.next() }
    #expect(try loader.next()?.labels == [2])
    #expect(try loader.next() == nil)
  }

  @Test func unfinishedLoaderGoesAway() throws {
    for _ in 0..<20 {
      let loader = BatchLoader(dataset, batches: Array(repeating: [1], count: 50), threads: 2)
      _ = try loader.next()
    }
  }
}
