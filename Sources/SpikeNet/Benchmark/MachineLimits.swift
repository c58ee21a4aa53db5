import CSpikeKernels

/// What the cores in use can do at most, measured.
public struct MachineLimits: Sendable {
  /// Multiply-adds, or additions, of floats a second; operands in registers.
  public let operationsPerSecond: Double
  /// Bytes a second that a sum of two arrays too large for caches reads and writes.
  public let bytesPerSecond: Double

  /// Measures with as many threads as will compute.
  public init(_ parallel: Parallel) {
    operationsPerSecond = Self.operations(parallel)
    bytesPerSecond = Self.bandwidth(parallel)
  }

  /// The least seconds that some work takes.
  public func seconds(for work: OperationWork) -> Double {
    max(work.operations / operationsPerSecond, work.bytes / bytesPerSecond)
  }

  private static func operations(_ parallel: Parallel) -> Double {
    let (rounds, tasks) = (1 << 20, 32)
    let seconds = best {
      parallel.forEach(tasks) { _ in _ = SpikeKernels.selected.multiply_adds(rounds) }
    }
    return Double(tasks * rounds * Int(MULTIPLY_ADDS_PER_ROUND)) / seconds
  }

  private static func bandwidth(_ parallel: Parallel) -> Double {
    let shape: Shape = [1 << 24]
    let (a, b) = (Tensor.ones(shape), Tensor.ones(shape))
    return Double(12 * shape.count) / best { _ = Elementwise.sum(a, b, parallel) }
  }

  private static func best(_ body: () -> Void) -> Double {
    (0..<5).map { _ in
      let start = ContinuousClock.now
      body()
      return start.duration(to: .now) / .seconds(1)
    }.min() ?? 0
  }
}
