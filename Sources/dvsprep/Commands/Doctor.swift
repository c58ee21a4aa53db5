import ArgumentParser
import Foundation
import Framing
import Synchronization

/// Looks whether a dataset's files are there, whole, rightly nested, and as many as there should be.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check a dataset's files: there, whole, rightly nested, and as many as published?",
    discussion: """
      Knows DVS128 Gesture, CIFAR10-DVS and N-MNIST, unpacked or as downloaded: compares names, \
      numbers and MD5 digests with what was published, decodes every recording, and looks for \
      conversions that were left half-made and for room on the disk and in memory. Prints the \
      command that mends each finding. Exits with 0 if nothing is wrong, with 1 otherwise.

      Examples:
        dvsprep doctor DVS128Gesture
        dvsprep doctor CIFAR10DVS --quick
        dvsprep doctor N-MNIST --json
      """
  )

  @Argument(help: "The dataset's root.", completion: .directory)
  var root: String

  @Option(help: "Which dataset it is; auto decides from the files.")
  var dataset = DatasetChoice.auto

  @Flag(help: "Look at names and numbers only; decode nothing, compute no digest.")
  var quick = false

  @Option(name: .shortAndLong, help: "Recordings decoded at a time (default: one a core).")
  var jobs: Int?

  @OptionGroup(title: "Output")
  var common: OutputOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); it must be at least 1") }
    guard dataset != .recording else {
      throw ValidationError("--dataset recording: doctor checks datasets; try dvsprep inspect")
    }
  }

  func run() async throws {
    let stop = StopSignal()
    let checkup = DatasetCheckup(
      root,
      kind: dataset.kind,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      readsContent: !quick
    )
    let line = CountLine(common.progressLine)
    let work = Task {
      try await checkup.run { done, total in line.update("doctor  recording \(done) of \(total)") }
    }
    let watch = Task.detached { [received = stop.watcher] in
      while !Task.isCancelled {
        if received() { return work.cancel() }
        try? await Task.sleep(for: .milliseconds(20))
      }
    }
    defer { watch.cancel() }
    let report: CheckupReport
    do {
      report = try await work.value
      line.clear()
    } catch {
      line.clear()
      try stop.check()
      throw error
    }
    try CheckupText(report).show(common)
    if !report.isHealthy { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}

/// What a checkup found out, for people and for programs.
private struct CheckupText {
  private let report: CheckupReport
  /// More findings of a kind than this are summed up.
  private static let shownCount = 20

  init(_ report: CheckupReport) { self.report = report }

  func show(_ common: OutputOptions) throws {
    if common.json { return try JSONOutput.print(Summary(report)) }
    let parts = report.parts.sorted { $0.key > $1.key }.map { "\($0.value) \($0.key)" }
    let split = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    let events = report.events.map { ", \(Quantity.of($0, "event"))" } ?? ""
    print(
      "\(report.root): \(report.dataset), \(Quantity.of(report.recordings, "recording")), "
        + "\(Quantity.of(report.samples, "sample"))\(split) of "
        + "\(Quantity.of(report.classes.count, "class"))\(events)"
    )
    if let room = report.room, !common.quiet { print(text(room)) }
    for finding in report.findings.prefix(Self.shownCount) {
      print("\(finding.kind): \(finding.path): \(finding.message)\n  \(finding.remedy)")
    }
    if report.findings.count > Self.shownCount {
      print("and \(report.findings.count - Self.shownCount) more; --json lists all")
    }
    print(report.isHealthy ? "healthy" : "\(Quantity.of(report.findings.count, "finding"))")
  }

  private func text(_ room: RoomEstimate) -> String {
    let free = room.freeBytes.map { ", \(Quantity.bytes($0)) are free" } ?? ""
    let memory = room.availableBytes.map { ", \(Quantity.bytes($0)) are available" } ?? ""
    return "a cache of 16 frames takes at most \(Quantity.bytes(room.cacheBytes))\(free); "
      + "memory at most \(Quantity.bytes(room.memoryBytes))\(memory)"
  }

  private struct Summary: Encodable {
    let dataset: String
    let root: String
    let healthy: Bool
    let recordings: Int
    let samples: Int
    let parts: [String: Int]
    let classes: [Class]
    let events: Int?
    let room: RoomEstimate?
    let findings: [Finding]

    struct Class: Encodable {
      let name: String
      let samples: Int
    }

    init(_ report: CheckupReport) {
      dataset = report.dataset
      root = report.root
      healthy = report.isHealthy
      recordings = report.recordings
      samples = report.samples
      parts = report.parts
      classes = report.classes.map { Class(name: $0.name, samples: $0.samples) }
      events = report.events
      room = report.room
      findings = report.findings
    }
  }
}

/// A progress line that may be written from any thread.
private final class CountLine: Sendable {
  private let line: Mutex<ProgressLine>

  init(_ line: ProgressLine) { self.line = Mutex(line) }

  func update(_ text: String) { line.withLock { $0.update(text) } }

  func clear() { line.withLock { $0.clear() } }
}
