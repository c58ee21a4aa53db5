import Foundation

/// Writes a frame cache: samples wait compressed in a spool until all are there.
///
/// The cache is then written in order, so its bytes do not depend on the number of jobs. Until
/// then nothing exists under its name.
public final class CacheSink: FrameSink, @unchecked Sendable {
  private let output: String
  // Set once by `prepare`, before there are other threads.
  private var job: FramingJob?
  private var spool: SampleSpool?

  /// Names the cache.
  public init(_ output: String) { self.output = output }

  /// Refuses an output that exists, unless it may be replaced.
  public func prepare(_ job: FramingJob) throws -> FinishedWork {
    try checkOutput(job.options)
    self.job = job
    spool = try SampleSpool(for: output)
    return FinishedWork()
  }

  /// Compresses a sample, on the caller's thread.
  public func append(_ sample: FramedSample, at index: Int) throws -> Int {
    let (job, spool) = try prepared()
    var encoder = SampleEncoder(
      job.recipe,
      atLeast: spool.widest,
      compression: job.options.compression
    )
    try sample.forEachPart { try encoder.add($0) }
    let encoded = encoder.sample(sample.name, label: sample.label, sample.slices)
    try spool.add(encoded, at: index)
    return encoded.byteCount
  }

  /// Nothing is kept between runs.
  public func note(_ recording: RecordingNote, ofRecording index: Int) throws {}

  /// Leaves nothing behind.
  public func abandon() { spool = nil }

  /// Writes the cache.
  public func finish(_ notes: [Int: RecordingNote]) async throws -> FrameSinkReport {
    let (job, spool) = try prepared()
    var report = FrameSinkReport()
    report.type = spool.widest
    let writer = try FrameCacheWriter(
      output,
      description: description(job, notes),
      type: report.type,
      compression: job.options.compression
    )
    var newIndex: [Int: Int] = [:]
    let block = 8 * job.options.jobs
    for start in stride(from: 0, to: job.catalog.samples.count, by: block) {
      try Task.checkCancellation()
      let indices = start..<min(start + block, job.catalog.samples.count)
      let whole = indices.filter { notes[job.catalog.samples[$0].recording] != nil }
      for (index, sample) in try await widened(whole, to: report.type) {
        newIndex[index] = writer.count
        report.frames += sample.slices.events.count
        try writer.append(sample)
      }
    }
    let kept = job.splits.mapValues { $0.mapValues { $0.compactMap { newIndex[$0] } } }
    try writer.finish(splits: kept)
    report.samples = writer.count
    report.splits = kept.mapValues { $0.mapValues(\.count) }
    let attributes = try? FileManager.default.attributesOfItem(atPath: output)
    report.byteCount = (attributes?[.size] as? Int) ?? 0
    return report
  }

  private func prepared() throws(FramingError) -> (FramingJob, SampleSpool) {
    guard let job, let spool else { preconditionFailure("prepare was not called") }
    return (job, spool)
  }

  private func checkOutput(_ options: PipelineOptions) throws(FramingError) {
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

  private func description(
    _ job: FramingJob,
    _ notes: [Int: RecordingNote]
  ) -> CacheDescription {
    var description = CacheDescription(
      recipe: job.recipe,
      dataset: job.catalog.kind.rawValue,
      classNames: job.catalog.classNames,
      sourceFingerprint: SourceFingerprint(of: job.catalog, notes).description,
      createdBy: job.options.createdBy,
      command: job.options.command
    )
    description.rowsCountFromBottom =
      !notes.isEmpty && notes.values.allSatisfy(\.rowsCountFromBottom)
    return description
  }

  /// Takes samples from the spool and gives all the same type, in parallel; order is kept.
  private func widened(
    _ indices: [Int],
    to type: CountType
  ) async throws -> [(Int, EncodedSample)] {
    let (job, spool) = try prepared()
    let shape = FrameShape(job.recipe)
    let compression = job.options.compression
    return try await withThrowingTaskGroup(of: (Int, EncodedSample).self) { group in
      for index in indices {
        let entry = job.catalog.samples[index]
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
