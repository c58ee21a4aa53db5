import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// The program ended by force, by a full disk, or by an output that takes nothing.
@Suite(.serialized) struct InterruptionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let recordings = (0..<30).map { MiniDataset.events(20_000, step: 2, seed: UInt64($0)) }
    try MiniDataset.writeClasses(recordings, to: folder, at: "set")
  }

  /// The same words everywhere, because a cache keeps them.
  private let arguments = ["convert", "../set", "-o", "a.h5", "-T", "4"]

  private func workFolder(_ name: String) throws -> String {
    let path = folder.file(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// The cache of an undisturbed conversion, and how long it took.
  private func undisturbed() throws -> (bytes: Data, seconds: Double) {
    let path = try workFolder("undisturbed")
    let start = ContinuousClock.now
    let run = try ProgramRun(arguments, in: path)
    let duration = (ContinuousClock.now - start).components
    try #require(run.status == 0, "\(run.errors)")
    let seconds = Double(duration.seconds) + Double(duration.attoseconds) / 1e18
    return (try Data(contentsOf: URL(fileURLWithPath: path + "/a.h5")), seconds)
  }

  private func expectCompletion(_ path: String, _ expected: Data, _ label: Comment) throws {
    let run = try ProgramRun(arguments, in: path)
    #expect(run.status == 0, "\(label): \(run.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/a.h5")) == expected, label)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["a.h5"], label)
  }

  @Test func killedAtAnyMomentAndRestartedTheResultIsTheSame() throws {
    let (expected, seconds) = try undisturbed()
    var generator = SplitMix64(seed: 1)
    for attempt in 0..<8 {
      let path = try workFolder("killed\(attempt)")
      let moment = Double.random(in: 0...seconds, using: &generator)
      let run = try ProgramRun(arguments, in: path, signal: (SIGKILL, moment))
      if run.status != 0 {
        #expect(run.status == -SIGKILL)
      }
      // What bears the name is complete, whatever the moment was.
      if let bytes = FileManager.default.contents(atPath: path + "/a.h5") {
        #expect(bytes == expected, "killed after \(moment) s")
      }
      try expectCompletion(path, expected, "killed after \(moment) s")
    }
  }

  @Test func aDiskThatFillsUpIsReportedAndTheWorkIsKept() throws {
    let (expected, _) = try undisturbed()
    let size = expected.count / 1024
    var kept = 0
    for limit in [1, size / 4, size / 2, size * 9 / 10, size - 1, size, size + 8] {
      let path = try workFolder("limit\(limit)")
      let command =
        "ulimit -f \(limit); exec '\(ProgramRun.program)' \(arguments.joined(separator: " "))"
      let run = try ProgramRun(program: "/bin/bash", ["-c", command], in: path)
      if run.status == 0 {
        #expect(limit >= size)
      } else {
        #expect(run.status == 74, "\(limit) KiB: \(run.errors)")
        #expect(run.errors.contains("File too large") || run.errors.contains("error: "))
        #expect(!FileManager.default.fileExists(atPath: path + "/a.h5"))
      }
      if run.errors.contains("kept in a.h5.journal") { kept += 1 }
      try expectCompletion(path, expected, "\(limit) KiB")
    }
    #expect(kept >= 3)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func anExportOfEventsStopsSoonAndLeavesNothing(_ number: Int32) throws {
    let events = MiniDataset.events(3_000_000, step: 9, seed: 1)
    try folder.write(try AEDAT3Writer().recording(of: events), to: "long.aedat")
    let path = try workFolder("export")
    let start = ContinuousClock.now
    let run = try ProgramRun(
      ["convert", "../long.aedat", "-o", "x.npz"],
      in: path,
      signal: (number, 0.4)
    )
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(run.status == 128 + number, "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
  }

  @Test func resultsThatCannotBeWrittenAreAnError() throws {
    for command in ["models", "--help", "convert --help", "convert ../set -o a.h5 -T 4"] {
      let path = try workFolder("full")
      let run = try ProgramRun(
        program: "/bin/bash",
        ["-c", "exec '\(ProgramRun.program)' \(command) > /dev/full"],
        in: path
      )
      #expect(run.status == 74, "\(command): \(run.status)")
      #expect(run.errors.contains("error: standard output cannot be written"), "\(command)")
    }
  }

  @Test(.enabled(if: Python.hasNumPy))
  func aLongRecordingNeedsLittleMemory() throws {
    // 64 MiB: 8,388,608 events, of which all columns would take 109 MB.
    var block = EventBuffer()
    for index in 0..<65_536 {
      block.append(t: Int64(index), x: UInt16(index % 128), y: UInt16(index / 512), p: .on)
    }
    let bytes = try AEDAT2Writer().recording(of: block)
    let path = folder.file("long.aedat")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    for _ in 1..<128 { try file.write(contentsOf: bytes.suffix(8 * block.count)) }
    try file.close()
    let output = try Python.run(
      """
      import resource, subprocess, sys
      subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """,
      ProgramRun.program,
      "convert",
      path,
      "-o",
      folder.file("long.h5"),
      "--jobs",
      "1"
    )
    let kilobytes = try #require(Int(output.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kilobytes < 110_000)
    let cache = try FrameCache.open(folder.file("long.h5"))
    #expect(try cache.slices(at: 0).events == Array(repeating: 524_288, count: 16))
  }
}
