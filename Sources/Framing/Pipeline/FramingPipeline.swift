import EventIO
import Synchronization

/// A catalog to frames: recordings are decoded in parallel, a sink takes the samples.
public struct FramingPipeline: Sendable {
  /// The samples.
  public let catalog: RecordingCatalog
  /// What determines the frames.
  public let recipe: FramingRecipe
  /// Whether the recipe's sensor overrides what files say.
  public let isGeometryForced: Bool
  /// How the work is done.
  public let options: PipelineOptions

  /// Creates a pipeline.
  public init(
    _ catalog: RecordingCatalog,
    _ recipe: FramingRecipe,
    isGeometryForced: Bool = false,
    options: PipelineOptions = PipelineOptions()
  ) {
    self.catalog = catalog
    self.recipe = recipe
    self.isGeometryForced = isGeometryForced
    self.options = options
  }

  /// Converts the catalog to a frame cache at a path.
  public func run(
    to output: String,
    progress: @escaping @Sendable (FramingProgress) -> Void = { _ in }
  ) async throws -> FramingReport {
    try await run(to: CacheSink(output), progress: progress)
  }

  /// Converts the catalog.
  ///
  /// - Parameters:
  ///   - sink: Where the samples go; it may keep what an earlier run finished.
  ///   - progress: Called after every sample, from any thread, one call at a time.
  /// - Throws: ``FramingError`` if the work cannot begin; ``UnfinishedConversion`` if it cannot be
  ///   finished, with ``FramingError``, `RecordingError` or `CancellationError` as its cause. There
  ///   is no output then.
  public func run(
    to sink: some FrameSink,
    progress: @escaping @Sendable (FramingProgress) -> Void = { _ in }
  ) async throws -> FramingReport {
    try recipe.slicing.validate()
    if !options.keepsGoing, let problem = catalog.problems.first { throw problem }
    let job = try FramingJob(catalog, recipe, options)
    let finished = try sink.prepare(job)
    do {
      let ledger = Ledger(job, finished)
      try await decode(job, into: sink, finished, ledger, progress)
      let notes = ledger.notes
      guard !notes.isEmpty || job.mayBeEmpty else { throw ledger.firstFailure ?? nothingFound() }
      return ledger.report(of: catalog).adding(try await sink.finish(notes))
    } catch {
      throw UnfinishedConversion(cause: error, kept: sink.abandon())
    }
  }

  private func nothingFound() -> FramingError {
    FramingError(.corrupt, "there is nothing to convert", path: catalog.root)
  }

  private func decode(
    _ job: FramingJob,
    into sink: some FrameSink,
    _ finished: FinishedWork,
    _ ledger: Ledger,
    _ progress: @escaping @Sendable (FramingProgress) -> Void
  ) async throws {
    let catalog = job.catalog
    let work = Dictionary(grouping: catalog.samples.indices) { catalog.samples[$0].recording }
      .filter { finished.recordings[$0.key] == nil }
      .mapValues { $0.filter { !finished.samples.contains($0) } }
      .sorted { $0.key < $1.key }
    let queue = WorkQueue(work)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(options.jobs, work.count) {
        group.addTask {
          let worker = try RecordingWorker(
            catalog,
            recipe,
            isGeometryForced: isGeometryForced,
            heldEvents: options.heldEvents
          )
          while let (recording, samples) = queue.next() {
            try Task.checkCancellation()
            do {
              let note = try worker.process(recording: recording, samples: samples) {
                let byteCount = try sink.append($1, at: $0)
                ledger.noteSample($0, byteCount: byteCount, progress)
              }
              try sink.note(note, ofRecording: recording)
              ledger.note(note, recording)
            } catch let error where options.keepsGoing && isAboutInput(error) {
              let path = catalog.source(ofRecording: recording).name
              ledger.note(failure: FramingReport.Failure(path: path, error: error), recording)
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Whether an error is a recording's own, so that others may still succeed.
  private func isAboutInput(_ error: any Error) -> Bool {
    error is RecordingError || (error as? FramingError).map { $0.kind != .output } ?? false
  }
}

extension FramingJob {
  /// Whether a shard without samples is a result: it has no recordings, or may do without them.
  fileprivate var mayBeEmpty: Bool {
    shard != nil && (catalog.samples.isEmpty || options.keepsGoing)
  }
}

extension FramingReport {
  /// The same report with what the sink has written.
  fileprivate func adding(_ sink: FrameSinkReport) -> FramingReport {
    var report = self
    report.samples = sink.samples
    report.frames = sink.frames
    report.type = sink.type
    report.byteCount = sink.byteCount
    report.splits = sink.splits
    return report
  }
}

/// Recordings that wait for a worker, each with its samples.
private final class WorkQueue: Sendable {
  private let items: [(key: Int, value: [Int])]
  private let position = Mutex(0)

  init(_ items: [(key: Int, value: [Int])]) { self.items = items }

  /// The next recording; nil when all are taken.
  func next() -> (recording: Int, samples: [Int])? {
    let index = position.withLock { position in
      defer { position += 1 }
      return position
    }
    return index < items.count ? (items[index].key, items[index].value) : nil
  }
}
