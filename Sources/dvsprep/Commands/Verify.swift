import ArgumentParser
import Foundation
import Framing

/// Looks for damage in frames, or for differences.
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Find damage in frames, recompute them from their source, or compare two sets.",
    discussion: """
      A cache is compared with the checksums that were stored with it, a folder of frames with its \
      manifest. Folders without one are read, which checks the archives' checksums. With --source, \
      the frames of a cache are made again and compared, and samples that the cache lacks are listed; \
      recordings that cannot be read are named, and are no difference unless the cache has samples of \
      them. With two sets, the samples of the same name must have the same counts.

      Exit codes: 0 nothing was found, 1 the sets or the source differ, 65 there is damage.

      Examples:
        dvsprep verify gesture.h5
        dvsprep verify gesture.h5 --source DVS128Gesture
        dvsprep verify gesture.h5 DVS128Gesture/frames_number_16_split_by_number
      """
  )

  @Argument(help: "A cache, or a folder of frames as SpikingJelly has them.", completion: .file())
  var frames: String

  @Argument(help: "A second set to compare with.", completion: .file())
  var other: String?

  @Option(help: ArgumentHelp("What the cache was converted from.", valueName: "input"))
  var source: String?

  @Option(name: .shortAndLong, help: "Threads (default: one a core).")
  var jobs: Int?

  @OptionGroup(title: "Output")
  var common: OutputOptions

  func validate() throws {
    if other != nil && source != nil {
      throw ValidationError("a second set and --source exclude each other; pass one")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); it must be at least 1") }
  }

  func run() async throws {
    let stop = StopSignal()
    let outcome = try await stop.cancelling { [self] in try await check() }
    try show(outcome)
    guard outcome.findings.isEmpty else {
      throw ExitCode((outcome.isDamage ? ExitStatus.badData : .failed).rawValue)
    }
  }

  private struct Outcome: Sendable {
    let samples: Int
    let findings: [FrameSetFinding]
    let isDamage: Bool
    let question: String
    /// Recordings of the source that cannot be read, and why.
    var unreadable: [String] = []
  }

  private var threads: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  private func check() async throws -> Outcome {
    let set = try FrameSets.open(frames)
    if other == nil, let tree = set as? FrameTree { return try await checkTree(tree) }
    let meter = CountMeter(common.progressLine, "verify", of: set.names.count)
    defer { meter.clear() }
    if let other {
      let findings = try await FrameSetComparison(set, FrameSets.open(other), jobs: threads)
        .run { meter.update($0) }
      return Outcome(
        samples: set.names.count,
        findings: findings,
        isDamage: false,
        question: "equal to \(other)"
      )
    }
    guard let cached = set as? CachedFrames else {
      throw ValidationError("\(frames) is neither a cache nor a folder of frames")
    }
    let damage = try await CacheVerification(cached.cache, jobs: threads).run { meter.update($0) }
    guard damage.isEmpty, let source else {
      return Outcome(samples: set.names.count, findings: damage, isDamage: true, question: "sound")
    }
    return try await recompute(cached.cache, source, meter)
  }

  private func checkTree(_ tree: FrameTree) async throws -> Outcome {
    if source != nil { throw ValidationError("--source needs a cache; \(frames) is a folder") }
    let listed = TreeVerification(tree, jobs: threads)
    let meter = CountMeter(
      common.progressLine,
      "verify",
      of: listed?.fileCount ?? tree.names.count
    )
    defer { meter.clear() }
    let findings =
      if let listed {
        try await listed.run { meter.update($0) }
      } else {
        // Reading a file verifies the checksum in it.
        try await FrameSetReading(tree, jobs: threads).run { meter.update($0) }
      }
    return Outcome(
      samples: tree.names.count,
      findings: findings,
      isDamage: true,
      question: listed == nil ? "readable; there is no manifest to compare with" : "sound"
    )
  }

  private func recompute(
    _ cache: FrameCache,
    _ source: String,
    _ meter: CountMeter
  ) async throws -> Outcome {
    let sink = ComparisonSink(cache)
    let pipeline = FramingPipeline(
      try RecordingCatalog.open([source], kind: DatasetKind(rawValue: cache.description.dataset)),
      cache.recipe,
      isGeometryForced: true,
      options: PipelineOptions(jobs: threads, keepsGoing: true)
    )
    let report = try await pipeline.run(to: sink) { meter.update(min($0.samples, cache.count)) }
    return Outcome(
      samples: cache.count,
      findings: sink.differences,
      isDamage: false,
      question: "equal to those made of \(source)",
      unreadable: report.failures.map { "\($0.error)" }
    )
  }

  // MARK: Output

  private func show(_ outcome: Outcome) throws {
    for reason in outcome.unreadable { common.diagnostics.warning(reason) }
    for finding in outcome.findings.prefix(20) { Diagnostics.error("\(frames): \(finding.text)") }
    if outcome.findings.count > 20 {
      Diagnostics.error("\(frames): \(outcome.findings.count - 20) more")
    }
    if common.json {
      return try JSONOutput.print(
        Summary(
          frames: frames,
          samples: outcome.samples,
          ok: outcome.findings.isEmpty,
          findings: outcome.findings.map { .init(sample: $0.sample, reason: $0.reason) },
          unreadable: outcome.unreadable
        )
      )
    }
    guard outcome.findings.isEmpty, !common.quiet else { return }
    print("\(frames): \(Quantity.of(outcome.samples, "sample")), \(outcome.question)")
  }

  private struct Summary: Encodable {
    struct Finding: Encodable {
      let sample: String?
      let reason: String
    }

    let frames: String
    let samples: Int
    let ok: Bool
    let findings: [Finding]
    let unreadable: [String]
  }
}

extension FrameSetFinding {
  /// The sample and what is wrong with it.
  var text: String { sample.map { "sample \($0): \(reason)" } ?? reason }
}
