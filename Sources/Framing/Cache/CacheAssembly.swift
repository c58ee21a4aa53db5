import Synchronization

/// Writes a cache while its samples are being made, each as soon as all before it are there.
///
/// Whoever has finished a recording carries the writing on, unless somebody else is at it. The file
/// gets the same bytes in whatever order the recordings are finished. If a sample needs wider counts
/// than those before it, the file is begun anew.
final class CacheAssembly: Sendable {
  private struct State {
    var writer: FrameCacheWriter?
    /// The first sample that is not written.
    var next = 0
    var frames = 0
  }

  private let job: FramingJob
  private let output: String
  private let state = Mutex(State())

  /// Begins with nothing.
  init(_ job: FramingJob, _ output: String) {
    self.job = job
    self.output = output
  }

  /// Writes samples from the first that is not written on, until one is not there.
  ///
  /// Does nothing while another thread does it.
  ///
  /// - Parameters:
  ///   - type: The type of the counts, as far as it is known.
  ///   - sample: Fetches a sample; nil if it is not there yet.
  /// - Throws: ``FramingError`` of kind `output`, or what `sample` throws.
  func advance(
    _ type: CountType,
    _ sample: (Int) throws -> EncodedSample?
  ) throws {
    try state.withLockIfAvailable { state in
      try begin(&state, type)
      while state.next < job.catalog.samples.count, let sample = try sample(state.next) {
        // Another thread may have met wider counts since; the next round begins anew.
        guard let writer = state.writer, sample.type <= writer.type else { return }
        try write(sample, &state)
        state.next += 1
      }
    }
  }

  /// Writes all samples that are left, and then the rest of the cache.
  ///
  /// - Parameters:
  ///   - kept: The samples that the cache shall hold; those that are written are the first of them.
  ///   - samples: Fetches samples; called with some at a time.
  /// - Returns: The numbers of frames.
  /// - Throws: ``FramingError`` of kind `output`, `CancellationError`, or what `samples` throws.
  func finish(
    _ kept: [Int],
    _ type: CountType,
    samples: ([Int]) async throws -> [EncodedSample],
    complete: (FrameCacheWriter) throws -> Void
  ) async throws -> Int {
    let start = try state.withLock { state in
      try begin(&state, type)
      return state.next
    }
    let block = 8 * job.options.jobs
    for start in stride(from: start, to: kept.count, by: block) {
      try Task.checkCancellation()
      let indices = Array(kept[start..<min(start + block, kept.count)])
      let samples = try await samples(indices)
      try state.withLock { state in
        for sample in samples { try write(sample, &state) }
      }
    }
    return try state.withLock { state in
      guard let writer = state.writer else { preconditionFailure("the cache was not begun") }
      try complete(writer)
      return state.frames
    }
  }

  /// Removes what was written.
  func discard() {
    state.withLock { $0 = State() }
  }

  /// Makes sure that there is a file whose counts have a type.
  private func begin(_ state: inout State, _ type: CountType) throws(FramingError) {
    if let writer = state.writer, writer.type == type { return }
    state = State()  // removes the narrower file, if there is one
    state.writer = try FrameCacheWriter(
      output,
      description: CacheDescription(job, [:]),
      type: type,
      compression: job.options.compression,
      expectedSamples: job.catalog.samples.count
    )
  }

  private func write(_ sample: EncodedSample, _ state: inout State) throws(FramingError) {
    try state.writer?.append(sample)
    state.frames += sample.slices.events.count
  }
}
