import EventIO
import Synchronization

/// Compares what a pipeline makes with the samples of a cache.
public final class ComparisonSink: FrameSink {
  private let cache: FrameCache
  private let places: [String: Int]
  private let findings = Mutex<[Int: FrameSetFinding]>([:])

  /// Compares with a cache.
  public init(_ cache: FrameCache) {
    self.cache = cache
    places = Dictionary(zip(cache.names, cache.names.indices)) { first, _ in first }
  }

  /// What differs so far, in the order of the cache.
  public var differences: [FrameSetFinding] {
    findings.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// Notes samples of the cache that the source does not have; leaves out what the cache lacks.
  public func prepare(_ job: FramingJob) throws -> FinishedWork {
    let made = Set(job.catalog.samples.map(\.name))
    findings.withLock { findings in
      for (index, name) in cache.names.enumerated() where !made.contains(name) {
        findings[index] = FrameSetFinding(sample: name, reason: "is not in the source")
      }
    }
    let extra = job.catalog.samples.indices.filter { places[job.catalog.samples[$0].name] == nil }
    let wanted = Set(
      job.catalog.samples.filter { places[$0.name] != nil }.map(\.recording)
    )
    let unwanted = Set(job.catalog.samples.map(\.recording)).subtracting(wanted)
    return FinishedWork(
      samples: Set(extra),
      recordings: Dictionary(uniqueKeysWithValues: unwanted.map { ($0, RecordingNote()) })
    )
  }

  /// Compares a sample.
  public func append(_ sample: FramedSample, at index: Int) throws -> Int {
    guard let place = places[sample.name] else { return 0 }
    let finding = try difference(sample, place).map {
      FrameSetFinding(sample: sample.name, reason: $0)
    }
    findings.withLock { $0[place] = finding }
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
