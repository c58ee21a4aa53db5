import Foundation
import Synchronization

/// Writes a frame cache: samples wait compressed in a journal until all are there.
///
/// The cache is written in order, so its bytes do not depend on the number of jobs, nor on how often
/// the work was interrupted. Until it is complete nothing exists under its name. `OUTPUT.journal`
/// holds the work, and is removed at the end; `OUTPUT.partial` is the cache in the making.
public final class CacheSink: FrameSink {
  private struct State {
    var job: FramingJob?
    var journal: Journal?
    var assembly: CacheAssembly?
    /// The samples' records, and those of finished recordings.
    var samples: [Int: Journal.Entry] = [:]
    var recordings: [Int: Journal.Entry] = [:]
    /// Samples that wait to be written, so that they need not be read back.
    var waiting: [Int: EncodedSample] = [:]
    var waitingBytes = 0
    /// The widest counts of finished recordings; others may yet fail, or be cut anew.
    var widest = CountType.uint8
    /// The types of unfinished recordings' samples, by recording and sample.
    var pending: [Int: [Int: CountType]] = [:]
    /// The cache, if it was complete already.
    var existing: FrameCache?
    var idleCompressors: [ChunkCompressor] = []

    /// Gives up a sample that waits, if it does.
    @discardableResult
    mutating func stopWaiting(_ index: Int) -> EncodedSample? {
      let sample = waiting.removeValue(forKey: index)
      waitingBytes -= sample?.chunks.bytes.count ?? 0
      return sample
    }
  }

  private let output: String
  private let state = Mutex(State())

  /// Samples that wait in memory take at most about this much.
  private static let waitingLimit = 1 << 25

  /// Names the cache.
  public init(_ output: String) { self.output = output }

  /// Takes up the journal of an earlier run, unless it belongs to another conversion.
  ///
  /// An output that exists must be what the job would make, or be meant to be replaced.
  public func prepare(_ job: FramingJob) throws -> FinishedWork {
    let place = OutputPlace(output)
    try place.checkFolder()
    let journal = try Journal(output + ".journal")
    do {
      if !job.options.overwrites, let existing = try place.existingCache() {
        let notes = try existing.confirm(job)
        // A journal of another conversion, which would replace this output, is not ours to remove.
        if try journal.isEmpty || JournalWork.isOf(job, journal) { journal.remove() }
        DurableFile(path: output).discard()
        state.withLock { ($0.existing, $0.job) = (existing, job) }
        return FinishedWork(samples: Set(job.catalog.samples.indices), recordings: notes)
      }
      let work = try JournalWork(journal, job)
      state.withLock { state in
        (state.job, state.journal) = (job, journal)
        state.assembly = CacheAssembly(job, output)
        (state.samples, state.recordings) = (work.samples, work.recordings)
        state.widest = work.widest
      }
      return work.finished
    } catch {
      if journal.isEmpty { journal.remove() }
      throw error
    }
  }

  /// Compresses a sample on the caller's thread, and keeps it.
  public func append(_ sample: FramedSample, at index: Int) throws -> Int {
    let (job, journal, _, widest) = prepared
    let compressor = takeCompressor(job)
    defer { state.withLock { $0.idleCompressors.append(compressor) } }
    var encoder = SampleEncoder(job.recipe, atLeast: widest, compressor)
    try sample.forEachPart { try encoder.add($0) }
    let encoded = encoder.sample(sample.name, label: sample.label, sample.slices)
    let entry = try journal.append(
      .sample,
      tag: UInt32(encoded.type.rawValue),
      index: index,
      encoded.record
    )
    state.withLock { state in
      state.samples[index] = entry
      state.pending[job.catalog.samples[index].recording, default: [:]][index] = encoded.type
      state.stopWaiting(index)
      if state.waitingBytes < Self.waitingLimit {
        state.waiting[index] = encoded
        state.waitingBytes += encoded.chunks.bytes.count
      }
    }
    return encoded.chunks.bytes.count
  }

  /// Keeps the note, which makes the recording's samples count as finished, and writes what it can.
  public func note(_ recording: RecordingNote, ofRecording index: Int) throws {
    let (job, journal, assembly, _) = prepared
    let entry = try journal.append(.recording, index: index, recording.record)
    let widest = state.withLock { state in
      state.recordings[index] = entry
      let types = state.pending.removeValue(forKey: index) ?? [:]
      state.widest = types.values.reduce(state.widest, max)
      return state.widest
    }
    try assembly.advance(widest) { index in
      let recording = job.catalog.samples[index].recording
      guard state.withLock({ $0.recordings[recording] != nil }) else { return nil }
      return try sample(at: index)
    }
  }

  /// Keeps the journal if there is a finished recording in it.
  public func abandon() -> KeptWork {
    let (job, journal, recordings) = state.withLock { ($0.job, $0.journal, $0.recordings) }
    guard let job, let journal else { return KeptWork() }
    state.withLock { $0.assembly }?.discard()  // first, which makes room on a disk that is full
    try? journal.flush()
    let kept = recordings.filter { journal.holds($0.value) }
    let samples = job.catalog.samples.count { kept[$0.recording] != nil }
    if samples == 0 { journal.remove() }
    return KeptWork(samples: samples, path: journal.path)
  }

  /// Writes the cache, checks it and gives it its name; then removes the journal.
  public func finish(_ notes: [Int: RecordingNote]) async throws -> FrameSinkReport {
    if let existing = state.withLock({ $0.existing }) { return existing.report }
    let (job, journal, assembly, _) = prepared
    let kept = job.catalog.samples.indices.filter {
      notes[job.catalog.samples[$0].recording] != nil
    }
    let type = state.withLock { state in kept.compactMap { state.samples[$0]?.type }.max() }
    let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    let splits = job.splits.mapValues { $0.mapValues { $0.compactMap { places[$0] } } }
    let frames = try await assembly.finish(
      kept,
      type ?? .uint8,
      samples: { try await self.samples($0, as: type ?? .uint8) },
      complete: { writer in
        writer.description = CacheDescription(job, notes)
        writer.shard = job.shard?.keeping(kept, job.catalog, notes)
        try writer.finish(splits: splits)
      }
    )
    journal.remove()
    return FrameSinkReport(
      samples: kept.count,
      frames: frames,
      type: type ?? .uint8,
      byteCount: OutputPlace(output).byteCount,
      splits: splits.mapValues { $0.mapValues(\.count) }
    )
  }

  // MARK: Parts

  private var prepared:
    (job: FramingJob, journal: Journal, assembly: CacheAssembly, widest: CountType)
  {
    state.withLock { state in
      guard let job = state.job, let journal = state.journal, let assembly = state.assembly else {
        preconditionFailure("prepare was not called")
      }
      return (job, journal, assembly, state.widest)
    }
  }

  private func takeCompressor(_ job: FramingJob) -> ChunkCompressor {
    state.withLock { $0.idleCompressors.popLast() }
      ?? ChunkCompressor(level: job.options.compression)
  }

  /// Reads samples back and gives all the same type, in parallel; order is kept.
  private func samples(
    _ indices: [Int],
    as type: CountType
  ) async throws -> [EncodedSample] {
    let job = prepared.job
    let shape = FrameShape(job.recipe)
    var samples = try indices.map { try sample(at: $0) }
    let narrow = samples.indices.filter { samples[$0].type < type }
    guard !narrow.isEmpty else { return samples }
    try await withThrowingTaskGroup(of: (Int, EncodedSample).self) { group in
      for position in narrow {
        let sample = samples[position]
        group.addTask {
          let compressor = self.takeCompressor(job)
          defer { self.state.withLock { $0.idleCompressors.append(compressor) } }
          return (position, try sample.widened(to: type, shape, compressor))
        }
      }
      for try await (position, sample) in group { samples[position] = sample }
    }
    return samples
  }

  /// A sample that waits in memory, or else in the journal; it does not wait any longer.
  private func sample(at index: Int) throws(FramingError) -> EncodedSample {
    let (job, journal, _, _) = prepared
    let (waiting, entry) = state.withLock { state in
      (state.stopWaiting(index), state.samples[index])
    }
    if let waiting { return waiting }
    let catalogued = job.catalog.samples[index]
    guard let entry, let record = try journal.payload(of: entry), let type = entry.type,
      let sample = EncodedSample(
        record: record,
        type: type,
        name: catalogued.name,
        label: catalogued.label
      )
    else {
      throw FramingError(
        .output,
        "sample \(catalogued.name) cannot be read back; run the same command again to redo it",
        path: journal.path
      )
    }
    return sample
  }
}

extension Journal.Entry {
  /// The type of a sample's counts.
  var type: CountType? { CountType(rawValue: Int(tag)) }
}

extension CacheDescription {
  /// Describes what a job makes of the recordings that succeeded.
  init(_ job: FramingJob, _ notes: [Int: RecordingNote]) {
    self.init(
      recipe: job.recipe,
      dataset: job.catalog.kind.rawValue,
      classNames: job.catalog.classNames,
      sourceFingerprint: SourceFingerprint(of: job.catalog, notes).description,
      createdBy: job.options.createdBy,
      command: job.options.command
    )
    rowsCountFromBottom = !notes.isEmpty && notes.values.allSatisfy(\.rowsCountFromBottom)
  }
}
