import EventIO
import Synchronization

/// Compares what a pipeline makes with the samples of a cache.
public final class ComparisonSink: FrameSink {
  private let cache: FrameCache
  private let places: [String: Int]
  private let state = Mutex(State())

  private struct State {
    /// By their place in the cache.
    var findings: [Int: FrameSetFinding] = [:]
    /// Places in the cache that were looked at.
    var compared: Set<Int> = []
    /// By their place in the source.
    var lacking: [Int: FrameSetFinding] = [:]
  }

  /// Compares with a cache.
  public init(_ cache: FrameCache) {
    self.cache = cache
    places = Dictionary(zip(cache.names, cache.names.indices)) { first, _ in first }
  }

  /// What differs, once all samples were compared: in the order of the cache, then what it lacks.
  public var differences: [FrameSetFinding] {
    state.withLock { state in
      var findings = state.findings
      for place in cache.names.indices where findings[place] == nil {
        if state.compared.contains(place) { continue }
        let reason = "cannot be made again: its recording cannot be read"
        findings[place] = FrameSetFinding(sample: cache.names[place], reason: reason)
      }
      return [findings, state.lacking].flatMap { $0.sorted { $0.key < $1.key }.map(\.value) }
    }
  }

  /// Notes samples of the cache that the source does not have.
  ///
  /// What the cache lacks is read too, because only samples that can be made are missed. The other
  /// parts of a sharded conversion are left out.
  public func prepare(_ job: FramingJob) throws -> FinishedWork {
    let samples = job.catalog.samples
    let made = Set(samples.map(\.name))
    state.withLock { state in
      for (index, name) in cache.names.enumerated() where !made.contains(name) {
        state.findings[index] = FrameSetFinding(sample: name, reason: "is not in the source")
      }
    }
    guard let shard = cache.shard else { return FinishedWork() }
    let others = Set(samples.map(\.recording)).filter { !shard.holds(recording: $0) }
    return FinishedWork(
      samples: Set(samples.indices.filter { others.contains(samples[$0].recording) }),
      recordings: Dictionary(uniqueKeysWithValues: others.map { ($0, RecordingNote()) })
    )
  }

  /// Compares a sample.
  public func append(_ sample: FramedSample, at index: Int) throws -> Int {
    guard let place = places[sample.name] else {
      let finding = FrameSetFinding(
        sample: sample.name,
        reason: "is in the source, not in the cache"
      )
      state.withLock { $0.lacking[index] = finding }
      return 0
    }
    let finding = try difference(sample, place).map {
      FrameSetFinding(sample: sample.name, reason: $0)
    }
    state.withLock { state in
      state.compared.insert(place)
      state.findings[place] = finding
    }
    return 0
  }

  private func difference(_ sample: FramedSample, _ place: Int) throws -> String? {
    guard cache.labels[place] == sample.label else {
      return "its label is \(cache.labels[place]), expected \(sample.label)"
    }
    guard try cache.slices(at: place) == sample.slices else { return "its slices differ" }
    let stored = try cache.frames(at: place)
    guard stored.frameCount == sample.slices.events.count else {
      return "it has \(stored.frameCount) frames, expected \(sample.slices.events.count)"
    }
    var next = 0
    var reason: String?
    try sample.forEachPart { part in
      let counts = Array(stored.counts[next..<next + part.counts.count])
      let shape = [part.frameCount, 2, part.geometry.height, part.geometry.width]
      reason = reason ?? FrameDifference.reason(counts, shape, part.counts, shape)
      next += part.counts.count
    }
    return reason
  }

  /// Needs no note.
  public func note(_ recording: RecordingNote, ofRecording index: Int) throws {}

  /// Reports how many samples were compared.
  public func finish(_ notes: [Int: RecordingNote]) async throws -> FrameSinkReport {
    FrameSinkReport(samples: cache.count, type: cache.type)
  }

  /// Keeps nothing.
  public func abandon() -> KeptWork { KeptWork() }
}
