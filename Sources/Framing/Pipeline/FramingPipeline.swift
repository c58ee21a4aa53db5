import EventIO
import Foundation
import Synchronization

/// A catalog to a cache: recordings are decoded in parallel, one writer writes.
///
/// Memory holds one recording per job. Finished samples wait compressed in a spool on disk until
/// all are there; the cache is then written in order, so its bytes do not depend on the number of
/// jobs. Until then nothing exists under the output's name.
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

  /// Converts the catalog.
  ///
  /// - Parameters:
  ///   - output: The cache's path.
  ///   - progress: Called after every recording, from any thread, one call at a time.
  /// - Throws: ``FramingError`` or `RecordingError` of the failure that came first;
  ///   `CancellationError` if the task is cancelled. Nothing is left behind.
  public func run(
    to output: String,
    progress: @escaping @Sendable (FramingProgress) -> Void = { _ in }
  ) async throws -> FramingReport {
    try recipe.slicing.validate()
    try checkOutput(output)
    let partsByName = try options.splits.lists(of: catalog.samples)
    let ledger = Ledger(sampleCount: catalog.samples.count, problems: catalog.problems)
    if !options.keepsGoing, let problem = catalog.problems.first { throw problem }
    let spool = try SampleSpool(for: output)
    try await decode(into: spool, ledger, progress)
    var report = ledger.report(of: catalog)
    try await write(output, spool, ledger, partsByName, &report)
    return report
  }

  private func checkOutput(_ output: String) throws(FramingError) {
    guard !FolderListing.isFolder(output) else {
      throw FramingError(
        .usage,
        "this is a folder; name a file such as \(output)/frames.h5",
        path: output
      )
    }
    guard options.overwrites || !FileManager.default.fileExists(atPath: output) else {
      throw FramingError(.usage, "exists already; pass --overwrite to replace it", path: output)
    }
    let folder = (output as NSString).deletingLastPathComponent
    guard folder.isEmpty || FolderListing.isFolder(folder) else {
      throw FramingError(.inputOutput, "there is no such folder; create it first", path: folder)
    }
  }

  // MARK: Decoding

  private func decode(
    into spool: SampleSpool,
    _ ledger: Ledger,
    _ progress: @escaping @Sendable (FramingProgress) -> Void
  ) async throws {
    let work = Dictionary(grouping: catalog.samples.indices) { catalog.samples[$0].recording }
      .sorted { $0.key < $1.key }
    let queue = WorkQueue(work)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(options.jobs, max(1, work.count)) {
        group.addTask {
          var worker = try RecordingWorker(
            catalog,
            recipe,
            isGeometryForced: isGeometryForced,
            compression: options.compression
          )
          while let (recording, samples) = queue.next() {
            try Task.checkCancellation()
            do {
              let outcome = try worker.process(
                recording: recording,
                samples: samples,
                atLeast: spool.widest
              )
              for (index, sample) in outcome.samples { try spool.add(sample, at: index) }
              ledger.note(outcome, recording, progress)
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
    error is RecordingError || error is FramingError
  }

  // MARK: Writing

  private func write(
    _ output: String,
    _ spool: SampleSpool,
    _ ledger: Ledger,
    _ splits: [String: [String: [Int]]],
    _ report: inout FramingReport
  ) async throws {
    var description = CacheDescription(
      recipe: recipe,
      dataset: catalog.kind.rawValue,
      classNames: catalog.classNames,
      sourceFingerprint: ledger.fingerprint(of: catalog),
      createdBy: options.createdBy,
      command: options.command
    )
    description.rowsCountFromBottom = ledger.rowsCountFromBottom
    let type = spool.widest
    let writer = try FrameCacheWriter(
      output,
      description: description,
      type: type,
      compression: options.compression
    )
    var newIndex: [Int: Int] = [:]
    let block = 8 * options.jobs
    for start in stride(from: 0, to: catalog.samples.count, by: block) {
      try Task.checkCancellation()
      let indices = start..<min(start + block, catalog.samples.count)
      for (index, sample) in try await widened(indices, spool, to: type) {
        newIndex[index] = writer.count
        report.frames += sample.slices.events.count
        try writer.append(sample)
      }
    }
    guard writer.count > 0 else { throw ledger.firstFailure ?? nothingFound() }
    let kept = splits.mapValues { $0.mapValues { $0.compactMap { newIndex[$0] } } }
    try writer.finish(splits: kept)
    report.samples = writer.count
    report.type = type
    report.splits = kept.mapValues { $0.mapValues(\.count) }
    let attributes = try? FileManager.default.attributesOfItem(atPath: output)
    report.byteCount = (attributes?[.size] as? Int) ?? 0
  }

  private func nothingFound() -> FramingError {
    FramingError(.corrupt, "there is nothing to convert", path: catalog.root)
  }

  /// Takes samples from the spool and gives all the same type, in parallel; order is kept.
  private func widened(
    _ indices: Range<Int>,
    _ spool: SampleSpool,
    to type: CountType
  ) async throws -> [(Int, EncodedSample)] {
    let shape = FrameShape(recipe)
    let compression = options.compression
    return try await withThrowingTaskGroup(of: (Int, EncodedSample).self) { group in
      for index in indices {
        let entry = catalog.samples[index]
        guard let sample = try spool.sample(at: index, name: entry.name, label: entry.label) else {
          continue
        }
        group.addTask {
          (index, try sample.widened(to: type, shape, compression: compression))
        }
      }
      var samples: [(Int, EncodedSample)] = []
      for try await sample in group { samples.append(sample) }
      return samples.sorted { $0.0 < $1.0 }
    }
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
