import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

struct ConvertTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Makes a dataset of three short recordings with 33 samples.
  private func synthesize() throws -> String {
    let root = folder.file("gestures")
    let run = try ProgramRun(
      "synth",
      "-o",
      root,
      "--users",
      "3",
      "--trials",
      "1",
      "--duration",
      "100000",
      "--quiet"
    )
    try #require(run.status == 0)
    return root
  }

  /// Writes a recording of noise.
  @discardableResult
  private func record(_ name: String, events: Int, seed: UInt64 = 1) throws -> String {
    var generator = SplitMix64(seed: seed)
    var buffer = EventBuffer()
    for index in 0..<events {
      buffer.append(
        t: Int64(100 + index * 10),
        x: .random(in: 0..<128, using: &generator),
        y: .random(in: 0..<128, using: &generator),
        p: Bool.random(using: &generator) ? .on : .off
      )
    }
    let path = folder.file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true
    )
    try AEDAT2Writer().write(buffer, to: path)
    return path
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func helpHasExamplesAndDefaults() throws {
    let run = try ProgramRun("convert", "--help")
    #expect(run.status == 0)
    for word in [
      "dvsprep convert DVS128Gesture -o gesture.h5", "--frames-number", "(default: 16)",
      "--split-by", "--duration", "--events-per-frame", "--keep-going", "--dry-run", "--geometry",
    ] {
      #expect(run.output.contains(word), "\(word)")
    }
  }

  @Test func aDatasetBecomesACache() throws {
    let root = try synthesize()
    let cachePath = folder.file("a.h5")
    let run = try ProgramRun("convert", root, "-o", cachePath, "-T", "5", "--jobs", "2")
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.output.contains("33 samples (official: 22 train, 11 test) of 11 classes, 165 frames")
    )
    #expect(run.errors.contains("dvs128-gesture: 33 samples (22 train, 11 test)"))
    #expect(run.errors.contains("1 file ignored: README.txt"))
    let cache = try FrameCache.open(cachePath)
    #expect(cache.recipe.slicing == .equalCount(frames: 5))
    #expect(cache.names.first == "train/0/user01_fluorescent_0")
    #expect(cache.splits["official"]?["test"]?.count == 11)
    #expect(cache.description.command.hasPrefix("dvsprep convert "))
    #expect(try names() == ["a.h5", "gestures"])
  }

  @Test func jsonIsOneObject() throws {
    let root = try synthesize()
    let run = try ProgramRun(
      "convert",
      root,
      "-o",
      folder.file("a.h5"),
      "--json",
      "--quiet",
      "--duration",
      "20000"
    )
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(json?["samples"] as? Int == 33)
    #expect(json?["dataset"] as? String == "dvs128-gesture")
    #expect((json?["frames"] as? Int ?? 0) > 33)
    let cache = try FrameCache.open(folder.file("a.h5"))
    #expect(cache.recipe.slicing == .microsecondsPerFrame(20000, rule: .firstEvent))
    #expect((0..<33).reduce(0) { $0 + cache.frameCount(at: $1) } == json?["frames"] as? Int)
  }

  @Test func oneRecordingBecomesACacheOrItsEvents() throws {
    let recording = try record("cat.aedat", events: 1000)
    let cachePath = folder.file("cat.h5")
    #expect(try ProgramRun("convert", recording, "-o", cachePath, "-T", "3").status == 0)
    let cache = try FrameCache.open(cachePath)
    #expect(cache.names == ["cat"] && cache.labels == [0] && cache.splits.isEmpty)
    #expect(try cache.slices(at: 0).events == [333, 333, 334])
    #expect(try cache.slices(at: 0).start == [100, 3430, 6760])
    let events = folder.file("cat.npz")
    #expect(try ProgramRun("convert", recording, "-o", events).status == 0)
    var source = try Recording.open(recording)
    var copy = try Recording.open(events)
    #expect(try source.readAll() == copy.readAll())
  }

  @Test func aFolderPerClassIsSplitBySpikingJellysRule() throws {
    for index in 0..<10 { try record("set/cat/\(index).aedat", events: 20, seed: UInt64(index)) }
    for index in 0..<3 { try record("set/dog/\(index).aedat", events: 20, seed: UInt64(index)) }
    try folder.write([1, 2, 3], to: "set/cat/.DS_Store")
    try folder.write([1, 2, 3], to: "set/notes.txt")
    let run = try ProgramRun("convert", folder.file("set"), "-o", folder.file("a.h5"))
    #expect(run.status == 0)
    #expect(run.errors.contains("2 files ignored: notes.txt, cat/.DS_Store"))
    let cache = try FrameCache.open(folder.file("a.h5"))
    #expect(cache.classNames == ["cat", "dog"])
    #expect(
      cache.splits == ["sj-0.9": ["train": [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12], "test": [9]]]
    )
  }

  @Test func anOutputThatExistsIsKeptWithoutOverwrite() throws {
    let recording = try record("cat.aedat", events: 10)
    let output = try folder.write([42], to: "a.h5")
    let run = try ProgramRun("convert", recording, "-o", output)
    #expect(run.status == 64)
    #expect(run.errors.contains("pass --overwrite"))
    #expect(FileManager.default.contents(atPath: output) == Data([42]))
    #expect(try ProgramRun("convert", recording, "-o", output, "--overwrite").status == 0)
    #expect(try FrameCache.open(output).count == 1)
  }

  @Test func brokenRecordingsEndTheConversionOrAreLeftOut() throws {
    let root = try synthesize()
    let broken = root + "/DvsGesture/user02_fluorescent_led.aedat"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: broken))
    try bytes.dropLast(5).write(to: URL(fileURLWithPath: broken))
    let stopped = try ProgramRun("convert", root, "-o", folder.file("a.h5"))
    #expect(stopped.status == 65)
    #expect(stopped.errors.contains("error: ") && stopped.errors.contains("user02"))
    #expect(try names() == ["a.h5.journal", "gestures"])
    let kept = try ProgramRun("convert", root, "-o", folder.file("a.h5"), "--keep-going", "--json")
    #expect(kept.status == 2)
    #expect(kept.errors.contains("user02_fluorescent_led.aedat"))
    let json = try JSONSerialization.jsonObject(with: Data(kept.output.utf8)) as? [String: Any]
    #expect((json?["failures"] as? [Any])?.count == 1)
    #expect((json?["kept_samples"] as? Int ?? 0) > 0)
    #expect(try names() == ["a.h5", "gestures"])
    let cache = try FrameCache.open(folder.file("a.h5"))
    #expect(cache.count == 22 && cache.splits["official"]?["train"] == Array(0..<11))
  }

  @Test func missingLabelsAreAnErrorThatNamesTheFile() throws {
    let root = try synthesize()
    try FileManager.default.removeItem(atPath: root + "/DvsGesture/user01_fluorescent_labels.csv")
    let run = try ProgramRun("convert", root, "-o", folder.file("a.h5"))
    #expect(run.status == 66)
    #expect(run.errors.contains("user01_fluorescent_labels.csv"))
    #expect(try ProgramRun("convert", root, "-o", folder.file("a.h5"), "--keep-going").status == 2)
    #expect(try FrameCache.open(folder.file("a.h5")).count == 22)
  }

  @Test func exitCodesAreThoseOfTheInterface() throws {
    let empty = try folder.write([], to: "empty.aedat")
    let noise = try folder.write(Array(repeating: 0xAA, count: 1000), to: "noise.xyz")
    let recording = try record("cat.aedat", events: 10)
    let output = folder.file("a.h5")
    try FileManager.default.createDirectory(
      atPath: folder.file("nothing"),
      withIntermediateDirectories: true
    )
    let cases: [(Int32, [String])] = [
      (66, [folder.file("absent"), "-o", output]), (65, [empty, "-o", output]),
      (65, [noise, "-o", output]), (66, [folder.file("nothing"), "-o", output]),
      (64, [recording, "-o", output, "-T", "0"]), (64, [recording, "-o", output, "--nonsense"]),
      (64, [recording, "-o", output, "-T", "4", "--duration", "10"]),
      (64, [recording, "-o", folder.file("a.txt")]), (64, [recording]),
      (64, [recording, "-o", output, "--split", "official"]),
      (64, [recording, "-o", output, "--camera", "dvs129"]),
      (74, [recording, "-o", folder.file("no/such/folder.h5")]),
    ]
    for (status, arguments) in cases {
      let run = try ProgramRun(["convert"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.lowercased().contains("error: "), "\(arguments)")
      #expect(run.output.isEmpty)
    }
    #expect(try names() == ["cat.aedat", "empty.aedat", "noise.xyz", "nothing"])
  }

  @Test func strayEventsAreErrorsOrDropped() throws {
    let recording = try record("cat.aedat", events: 500)
    let output = folder.file("a.h5")
    let arguments = ["convert", recording, "-o", output, "--geometry", "100x128"]
    let stopped = try ProgramRun(arguments)
    #expect(stopped.status == 65)
    #expect(stopped.errors.contains("event "))
    let dropped = try ProgramRun(arguments + ["--stray-events", "drop", "--json"])
    #expect(dropped.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(dropped.output.utf8)) as? [String: Any]
    let count = try #require(json?["dropped_events"] as? Int)
    let cache = try FrameCache.open(output)
    #expect(count > 0)
    #expect(try cache.slices(at: 0).events.reduce(0, +) == Int64(500 - count))
  }

  @Test func limitKeepsAllClassesAndParts() throws {
    let root = try synthesize()
    let run = try ProgramRun("convert", root, "-o", folder.file("a.h5"), "--limit", "24")
    #expect(run.status == 0)
    let cache = try FrameCache.open(folder.file("a.h5"))
    #expect(cache.count == 24)
    #expect(Set(cache.labels).count == 11)
    #expect(cache.splits["official"]?["test"]?.count == 11)
  }

  @Test func dryRunWritesNothing() throws {
    let root = try synthesize()
    let run = try ProgramRun("convert", root, "-o", folder.file("a.h5"), "--dry-run", "--json")
    #expect(run.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(json?["samples"] as? Int == 33)
    #expect((json?["output_bytes"] as? Int ?? 0) > 1000)
    #expect(try names() == ["gestures"])
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsTheProgramWithinASecond(_ signal: Int32) throws {
    // Long enough to be interrupted: 30,000 frames.
    let recording = try record("long.aedat", events: 3_000_000)
    let start = ContinuousClock.now
    let run = try ProgramRun(
      [
        "convert", recording, "-o", folder.file("a.h5"), "--events-per-frame", "100",
        "--compression", "9",
      ],
      signal: (signal, 0.5)
    )
    #expect(run.status == 128 + signal, "\(run.errors)")
    #expect(ContinuousClock.now - start < .seconds(2.5))
    // No recording was finished, so there is nothing to keep.
    #expect(try names() == ["long.aedat"])
  }
}
