import EventIO
import Synchronization

/// What the workers of a conversion have met so far.
final class Ledger: Sendable {
  private struct State {
    var progress: FramingProgress
    var stored: Set<Int>
    var notes: [Int: RecordingNote]
    var failures: [(order: Int, failure: FramingReport.Failure)]
  }

  private let state: Mutex<State>

  /// Begins with what an earlier run finished.
  init(_ job: FramingJob, _ finished: FinishedWork) {
    let failures = job.catalog.problems.map { problem in
      (-1, FramingReport.Failure(path: problem.path ?? "", error: problem))
    }
    var progress = FramingProgress()
    progress.sampleCount = job.catalog.samples.count
    progress.samples = finished.samples.count
    progress.keptSamples = finished.samples.count
    state = Mutex(
      State(
        progress: progress,
        stored: finished.samples,
        notes: finished.recordings,
        failures: failures
      )
    )
  }

  /// Notes a sample that was stored, and calls back under the lock; a second time says nothing.
  func noteSample(_ index: Int, byteCount: Int, _ progress: (FramingProgress) -> Void) {
    state.withLock { state in
      guard state.stored.insert(index).inserted else { return }
      state.progress.samples += 1
      state.progress.compressedBytes += byteCount
      progress(state.progress)
    }
  }

  /// Notes a recording that was converted.
  func note(_ note: RecordingNote, _ recording: Int) {
    state.withLock { state in
      state.progress.events += note.events
      state.notes[recording] = note
    }
  }

  /// Notes a recording that failed.
  func note(failure: FramingReport.Failure, _ recording: Int) {
    state.withLock { $0.failures.append((recording, failure)) }
  }

  /// What is known of the recordings that succeeded.
  var notes: [Int: RecordingNote] { state.withLock { $0.notes } }

  /// The first failure in the order of the catalog.
  var firstFailure: (any Error)? {
    state.withLock { $0.failures.min { $0.order < $1.order }?.failure.error }
  }

  /// The report so far.
  func report(of catalog: RecordingCatalog) -> FramingReport {
    state.withLock { state in
      var report = FramingReport()
      report.keptSamples = state.progress.keptSamples
      report.failures = state.failures.sorted { $0.order < $1.order }.map(\.failure)
      var warnings: [String: [Int]] = [:]
      for (recording, note) in state.notes {
        report.events += note.events
        report.droppedEvents += note.droppedEvents
        for message in Set(note.warnings) { warnings[message, default: []].append(recording) }
      }
      report.warnings = warnings.map { message, recordings in
        (message, recordings.count, recordings.min().map { catalog.recordings[$0] } ?? "")
      }.sorted { ($1.recordings, $0.message) < ($0.recordings, $1.message) }
      return report
    }
  }
}
