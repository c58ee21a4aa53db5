import EventIO

/// Finds the samples of a set that cannot be read.
public struct FrameSetReading: Sendable {
  private let set: any FrameSet
  private let jobs: Int

  /// Reads a set with a number of threads.
  public init(_ set: any FrameSet, jobs: Int) {
    self.set = set
    self.jobs = max(1, jobs)
  }

  /// Reads the whole set.
  ///
  /// - Parameter progress: Called with the number of samples so far, from any thread.
  /// - Returns: What cannot be read, in order.
  public func run(
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> [FrameSetFinding] {
    try await FrameSetWork(count: set.names.count, jobs: jobs).run(progress) { [set] index in
      do {
        _ = try set.counts(at: index)
        return nil
      } catch let error as RecordingError {
        return FrameSetFinding(sample: set.names[index], reason: error.reason)
      } catch let error as FramingError {
        return FrameSetFinding(sample: set.names[index], reason: error.reason)
      }
    }
  }
}
