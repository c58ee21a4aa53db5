import ArgumentParser
import Foundation
import Framing

/// Joins the parts of a sharded conversion.
struct Merge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the parts that convert --shard made.",
    discussion: """
      All parts must be there, each once, and from the same conversion. Compressed frames are \
      copied as they are; the cache has the same content as one that was converted in one go.

      Examples:
        dvsprep convert DVS128Gesture -o part-1.h5 --shard 1/2
        dvsprep convert DVS128Gesture -o part-2.h5 --shard 2/2
        dvsprep merge part-1.h5 part-2.h5 -o gesture.h5
      """
  )

  @Argument(help: "The parts, in any order.", completion: .file())
  var parts: [String]

  @Option(name: .shortAndLong, help: "The cache to write (.h5).")
  var output: String

  @Option(name: .shortAndLong, help: "Threads that check the parts (default: one a core).")
  var jobs: Int?

  @Flag(help: "Replace an output that exists.")
  var overwrite = false

  @OptionGroup(title: "Output")
  var common: OutputOptions

  func validate() throws {
    guard output.hasSuffix(".h5") || output.hasSuffix(".hdf5") else {
      throw ValidationError("--output '\(output)' must end in .h5 or .hdf5")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); it must be at least 1") }
  }

  func run() async throws {
    for path in parts where SameFile.holds(path, output) {
      throw CommandFailure(.usage, "\(output): is a part; choose another place to write to")
    }
    let stop = StopSignal()
    let start = ContinuousClock.now
    let report = try await stop.cancelling { [self] in try await merge() }
    let seconds = Quantity.seconds(since: start)
    if common.json {
      return try JSONOutput.print(
        Summary(
          output: output,
          parts: parts.count,
          samples: report.samples,
          frames: report.frames,
          countType: "\(report.type)",
          bytes: report.byteCount,
          seconds: seconds,
          splits: report.splits
        )
      )
    }
    guard !common.quiet else { return }
    print(
      "\(output): \(Quantity.of(report.samples, "sample")) of \(Quantity.of(parts.count, "part")), "
        + "\(Quantity.of(report.frames, "frame")) as \(report.type), "
        + "\(Quantity.bytes(report.byteCount)) in \(Quantity.seconds(seconds))"
    )
  }

  private func merge() async throws -> FrameSinkReport {
    let merge = try CacheMerge(parts)
    for cache in merge.caches {
      let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
      let findings = try await CacheVerification(cache, jobs: jobs).run()
      if let first = findings.first {
        throw CommandFailure(.badData, "\(cache.path): \(first.text); convert this part again")
      }
    }
    return try merge.write(
      to: output,
      overwrites: overwrite,
      createdBy: DVSPrep.nameAndVersion,
      command: DVSPrep.commandLine
    )
  }

  private struct Summary: Encodable {
    let output: String
    let parts: Int
    let samples: Int
    let frames: Int
    let countType: String
    let bytes: Int
    let seconds: Double
    let splits: [String: [String: Int]]
  }
}
