import EventIO
import Synchronization

/// What the workers of a conversion have met so far.
final class Ledger: Sendable {
  private struct State {
    var progress: FramingProgress
    var droppedEvents = 0
    var failures: [(order: Int, failure: FramingReport.Failure)]
    var warnings: [String: Set<Int>] = [:]
    var fingerprints: [Int: String] = [:]
    var upsideDown = 0
  }

  private let state: Mutex<State>

  init(sampleCount: Int, problems: [FramingError]) {
    let failures = problems.map { problem in
      (-1, FramingReport.Failure(path: problem.path ?? "", error: problem))
    }
    var progress = FramingProgress()
    progress.sampleCount = sampleCount
    state = Mutex(State(progress: progress, failures: failures))
  }

  /// Notes a recording that was converted, and calls back under the lock.
  func note(
    _ outcome: RecordingWorker.Outcome,
    _ recording: Int,
    _ progress: (FramingProgress) -> Void
  ) {
    state.withLock { state in
      state.progress.samples += outcome.samples.count
      state.progress.events += outcome.events
      state.progress.compressedBytes += outcome.samples.reduce(0) { $0 + $1.sample.byteCount }
      state.droppedEvents += outcome.droppedEvents
      state.fingerprints[recording] = outcome.fingerprint
      state.upsideDown += outcome.rowsCountFromBottom ? 1 : 0
      for message in outcome.warnings {
        state.warnings[message, default: []].insert(recording)
      }
      progress(state.progress)
    }
  }

  /// Notes a recording that failed.
  func note(failure: FramingReport.Failure, _ recording: Int) {
    state.withLock { $0.failures.append((recording, failure)) }
  }

  /// The first failure in the order of the catalog.
  var firstFailure: (any Error)? {
    state.withLock { $0.failures.min { $0.order < $1.order }?.failure.error }
  }

  /// Whether rows count from the bottom in all recordings.
  var rowsCountFromBottom: Bool {
    state.withLock { $0.upsideDown > 0 && $0.upsideDown == $0.fingerprints.count }
  }

  /// The report so far.
  func report(of catalog: RecordingCatalog) -> FramingReport {
    state.withLock { state in
      var report = FramingReport()
      report.events = state.progress.events
      report.droppedEvents = state.droppedEvents
      report.failures = state.failures.sorted { $0.order < $1.order }.map(\.failure)
      report.warnings = state.warnings.map { message, recordings in
        (message, recordings.count, recordings.min().map { catalog.recordings[$0] } ?? "")
      }.sorted { ($1.recordings, $0.message) < ($0.recordings, $1.message) }
      return report
    }
  }

  /// A digest of all recordings' contents and of what was taken from them.
  func fingerprint(of catalog: RecordingCatalog) -> String {
    state.withLock { state in
      var digest = SourceFingerprint()
      for sample in catalog.samples {
        guard let content = state.fingerprints[sample.recording] else { continue }
        digest.add(sample.name)
        digest.add("\(sample.label)")
        digest.add(sample.window.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "")
        digest.add(content)
      }
      return digest.description
    }
  }
}

extension EncodedSample {
  /// The size of the compressed frames.
  var byteCount: Int { chunks.reduce(0) { $0 + $1.count } }
}
