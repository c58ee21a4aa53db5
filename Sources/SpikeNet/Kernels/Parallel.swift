import Foundation

/// How many threads the kernels of one pass may use.
///
/// Work is cut into blocks whose size depends on the work alone; threads only take the next block.
/// Results are therefore the same, bit for bit, for every number of threads.
public struct Parallel: Hashable, Sendable {
  /// The most threads at work at once.
  public let threads: Int

  /// Creates a limit; at least one thread.
  public init(threads: Int) {
    precondition(threads >= 1, "parallel: \(threads) threads")
    self.threads = threads
  }

  /// One thread a core.
  public static var allCores: Parallel {
    Parallel(threads: max(ProcessInfo.processInfo.activeProcessorCount, 1))
  }

  /// Calls `body` once for each of `count` independent tasks.
  func forEach(_ count: Int, _ body: (Int) -> Void) {
    guard threads > 1, count > 1 else {
      for task in 0..<count { body(task) }
      return
    }
    if ThreadTeam.shared.share(count, threads: threads, body) { return }
    for task in 0..<count { body(task) }
  }

  /// Calls `body` for consecutive ranges of `size` of the numbers below `count`.
  func forEachBlock(of count: Int, size: Int, _ body: (Range<Int>) -> Void) {
    forEach((count + size - 1) / size) { block in
      body(block * size..<min(count, (block + 1) * size))
    }
  }
}
