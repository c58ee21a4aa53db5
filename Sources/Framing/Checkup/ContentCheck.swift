import EventIO
import Synchronization

/// Decodes every recording, and looks whether its samples have events.
struct ContentCheck: Sendable {
  private let catalog: RecordingCatalog
  private let jobs: Int
  private let archives: PublishedArchives

  init(_ catalog: RecordingCatalog, jobs: Int, _ archives: PublishedArchives) {
    self.catalog = catalog
    self.jobs = jobs
    self.archives = archives
  }

  /// What the tasks share.
  private final class Outcome: Sendable {
    struct State {
      var next = 0
      var done = 0
      var events = 0
      var findings: [(recording: Int, finding: Finding)] = []
    }
    let state = Mutex(State())

    /// The next recording.
    func next() -> Int {
      state.withLock { state in
        defer { state.next += 1 }
        return state.next
      }
    }
  }

  /// Decodes all, some at a time.
  ///
  /// - Throws: `CancellationError`.
  func run(
    progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws -> (findings: [Finding], events: Int) {
    let windows = Dictionary(grouping: catalog.samples) { $0.recording }
    let total = catalog.recordings.count
    let outcome = Outcome()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(jobs, total) {
        group.addTask {
          while case let index = outcome.next(), index < total {
            try Task.checkCancellation()
            let (events, findings) = try check(index, windows[index] ?? [])
            outcome.state.withLock { state in
              state.events += events
              state.findings += findings.map { (index, $0) }
              state.done += 1
              progress(state.done, total)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    return outcome.state.withLock { state in
      (state.findings.sorted { $0.recording < $1.recording }.map(\.finding), state.events)
    }
  }

  private func check(
    _ recording: Int,
    _ samples: [CatalogSample]
  ) throws -> (events: Int, findings: [Finding]) {
    let source = catalog.source(ofRecording: recording)
    var total = 0
    var found = samples.map { _ in false }
    do {
      let options = ReadOptions(geometry: catalog.kind.geometry, camera: catalog.kind.camera)
      var reader = try Recording.open(source.open(), options: options)
      var events = EventBuffer()
      while try reader.read(into: &events) {
        try Task.checkCancellation()
        total += events.count
        let isSorted = reader.report.backwardSteps == 0
        for (index, sample) in samples.enumerated() where !found[index] {
          found[index] = Self.touches(sample.window, events.t, isSorted: isSorted)
        }
      }
    } catch let error as RecordingError {
      let place = [error.eventIndex.map { "event \($0)" }, error.byteOffset.map { "byte \($0)" }]
      let reason = (place.compactMap(\.self) + [error.reason]).joined(separator: ": ")
      return (total, [Finding(.damaged, source.name, reason, remedy: restore(recording))])
    }
    let empty = zip(samples, found).filter { !$0.1 }.map(\.0.name)
    guard !empty.isEmpty else { return (total, []) }
    let message = "no events belong to \(empty.joined(separator: ", "))"
    return (total, [Finding(.damaged, source.name, message, remedy: restore(recording))])
  }

  /// Whether one of some times lies in a window; nil takes all.
  private static func touches(_ window: Range<Int64>?, _ times: [Int64], isSorted: Bool) -> Bool {
    guard let window, let first = times.first, let last = times.last else { return !times.isEmpty }
    if isSorted, last < window.lowerBound || first >= window.upperBound { return false }
    return times.contains(where: window.contains)
  }

  /// How the recording comes back from its archive.
  private func restore(_ recording: Int) -> String {
    let file = catalog.recordings[recording]
    let first = file.split(separator: "/").first.map(String.init) ?? ""
    let name =
      switch catalog.kind {
      case .dvs128Gesture: "DvsGesture.tar.gz"
      case .cifar10DVS, .nMNIST: "\(first).zip"
      case .folder, .recording: ""
      }
    guard let truth = DatasetTruth.of(catalog.kind),
      let archive = truth.archives.first(where: { $0.name == name })
    else { return "replace it by a whole copy" }
    guard catalog.kind == .dvs128Gesture else {
      return archives.restore(archive, to: catalog.root, member: file)
    }
    let parent = PathName.folder(catalog.root)
    return archives.restore(archive, to: parent, member: "DvsGesture/\(file)")
  }
}
