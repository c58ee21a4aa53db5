import Foundation

/// Reads batches on threads of its own, ahead of the steps that use them.
///
/// Batches come in the order in which they were asked for, whatever thread read them.
package final class BatchLoader {
  private let queue: Queue

  /// Starts reading.
  ///
  /// - Parameters:
  ///   - batches: The samples of every batch.
  ///   - first: The place of the first of them in the epoch.
  ///   - preparation: What happens to the samples.
  ///   - threads: How many batches are read at once.
  ///   - ahead: How many batches may be in memory before they are asked for.
  package init(
    _ dataset: any Dataset,
    batches: [[Int]],
    first: Int = 0,
    _ preparation: BatchPreparation = BatchPreparation(),
    threads: Int = 2,
    ahead: Int = 3
  ) {
    queue = Queue(dataset, batches, first: first, preparation, ahead: max(ahead, 1))
    for _ in 0..<min(max(threads, 1), batches.count) {
      let thread = Thread { [queue] in queue.work() }
      thread.name = "batches"
      thread.start()
    }
  }

  deinit { queue.cancel() }

  /// The next batch, as soon as it is there; nil after the last one.
  package func next() throws -> Batch? { try queue.next() }
}

/// What the loader and its threads share; every access to it holds the lock.
private final class Queue: @unchecked Sendable {
  private let dataset: any Dataset
  private let batches: [[Int]]
  private let first: Int
  private let preparation: BatchPreparation
  private let ahead: Int
  private let condition = NSCondition()
  private var taken = 0
  private var delivered = 0
  private var ready: [Int: Result<Batch, any Error>] = [:]
  private var isCancelled = false

  init(
    _ dataset: any Dataset,
    _ batches: [[Int]],
    first: Int,
    _ preparation: BatchPreparation,
    ahead: Int
  ) {
    self.dataset = dataset
    self.batches = batches
    self.first = first
    self.preparation = preparation
    self.ahead = ahead
  }

  func cancel() {
    condition.withLock {
      isCancelled = true
      condition.broadcast()
    }
  }

  func next() throws -> Batch? {
    let result: Result<Batch, any Error>? = condition.withLock {
      guard delivered < batches.count else { return nil }
      while ready[delivered] == nil { condition.wait() }
      delivered += 1
      condition.broadcast()
      return ready.removeValue(forKey: delivered - 1)
    }
    return try result?.get()
  }

  func work() {
    var scratch = Tensor(uninitialized: dataset.sampleShape)
    while let index = takeIndex() {
      let result = Result {
        try Batch(
          batches[index],
          of: dataset,
          number: first + index,
          preparation,
          scratch: &scratch
        )
      }
      condition.withLock {
        ready[index] = result
        condition.broadcast()
      }
    }
  }

  /// The next batch to read, as soon as there is room for it; nil when there is nothing to do.
  private func takeIndex() -> Int? {
    condition.withLock {
      while taken < batches.count, taken >= delivered + ahead, !isCancelled { condition.wait() }
      guard taken < batches.count, !isCancelled else { return nil }
      taken += 1
      return taken - 1
    }
  }
}
