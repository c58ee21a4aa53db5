import EventIO
import Foundation
import Testing
import _TestSupport

struct SynthTests {
  private let folder: TemporaryFolder
  private var dataset: String { folder.file("gestures") }

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Makes a dataset of three short recordings.
  @discardableResult
  private func synthesize(_ more: String...) throws -> ProgramRun {
    try ProgramRun(
      ["synth", "-o", dataset, "--users", "3", "--trials", "1", "--duration", "100000"] + more
    )
  }

  private func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  private func text(_ name: String) -> String {
    let data = FileManager.default.contents(atPath: "\(dataset)/DvsGesture/\(name)")
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  @Test func layoutIsThatOfTheRealDataset() throws {
    let run = try synthesize()
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("3 recordings (2 train, 1 test), 33 samples of 11 classes"))
    #expect(names(folder.path) == ["gestures"])
    #expect(names(dataset) == ["DvsGesture"])
    #expect(
      names(dataset + "/DvsGesture") == [
        "README.txt", "trials_to_test.txt", "trials_to_train.txt",
        "user01_fluorescent.aedat", "user01_fluorescent_labels.csv",
        "user02_fluorescent_led.aedat", "user02_fluorescent_led_labels.csv",
        "user03_lab.aedat", "user03_lab_labels.csv",
      ]
    )
    #expect(
      text("trials_to_train.txt") == "user01_fluorescent.aedat\nuser02_fluorescent_led.aedat\n"
    )
    #expect(text("trials_to_test.txt") == "user03_lab.aedat\n")
  }

  @Test func recordingsAreReadBackWithEventsInEveryWindow() throws {
    try synthesize()
    let path = dataset + "/DvsGesture/user02_fluorescent_led.aedat"
    var reader = try Recording.open(path)
    #expect(reader.header.format == "AEDAT 3.1")
    #expect(reader.header.geometry == SensorGeometry(width: 128, height: 128))
    var events = EventBuffer()
    var chunk = EventBuffer()
    while try reader.read(into: &chunk) { events.append(contentsOf: chunk) }
    #expect(events.backwardSteps == 0)

    let rows = text("user02_fluorescent_led_labels.csv").split(separator: "\n")
    #expect(rows[0] == "class,startTime_usec,endTime_usec")
    #expect(rows.dropFirst().map { $0.prefix { $0 != "," } } == (1...11).map { "\($0)" })
    for row in rows.dropFirst() {
      let values = row.split(separator: ",").compactMap { Int64($0) }
      #expect((85_000...115_000).contains(values[2] - values[1]))
      #expect(events.t.count { $0 >= values[1] && $0 < values[2] } > 500)
    }
  }

  @Test func equalOptionsGiveEqualBytes() throws {
    let other = folder.file("other")
    let rest = ["--users", "2", "--trials", "1", "--duration", "50000"]
    func content(_ seed: String, _ path: String) throws -> [String: Data] {
      #expect(try ProgramRun(["synth", "-o", path, "--seed", seed] + rest).status == 0)
      var files: [String: Data] = [:]
      for name in names(path + "/DvsGesture") {
        files[name] = FileManager.default.contents(atPath: "\(path)/DvsGesture/\(name)")
      }
      return files
    }
    let first = try content("9", dataset)
    #expect(try first == content("9", other))
    let different = try content("10", folder.file("different"))
    #expect(first["user01_fluorescent.aedat"] != different["user01_fluorescent.aedat"])
  }

  @Test func anExistingDatasetIsKeptUnlessToldOtherwise() throws {
    try synthesize("--seed", "1")
    let before = text("README.txt")
    let refused = try synthesize("--seed", "2")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("exists already") && refused.errors.contains("--overwrite"))
    #expect(refused.errorLines.count == 1 && refused.output.isEmpty)
    #expect(text("README.txt") == before)

    #expect(try synthesize("--seed", "2", "--overwrite").status == 0)
    #expect(text("README.txt") != before)
    #expect(names(folder.path) == ["gestures"])
  }

  @Test func overwriteSparesWhatItDidNotMake() throws {
    try folder.write(Array("precious".utf8), to: "gestures/thesis.txt")
    let run = try synthesize("--overwrite")
    #expect(run.status == 64)
    #expect(run.errorLines.count == 1 && run.errors.contains("other files"))
    #expect(names(dataset) == ["thesis.txt"])
    #expect(names(folder.path) == ["gestures"])
  }

  @Test func anEmptyFolderIsFilled() throws {
    try FileManager.default.createDirectory(atPath: dataset, withIntermediateDirectories: true)
    #expect(try synthesize().status == 0)
    #expect(names(dataset) == ["DvsGesture"])
  }

  @Test func leftoversOfAKilledRunAreRemoved() throws {
    try folder.write([1, 2, 3], to: "gestures.partial/DvsGesture/user01_fluorescent.aedat")
    try folder.write([1], to: "gestures.partial/DvsGesture/user99_lab.aedat")
    #expect(try synthesize().status == 0)
    #expect(names(folder.path) == ["gestures"])
    #expect(names(dataset + "/DvsGesture").count == 9)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalStopsCleanly(_ number: Int32) throws {
    let run = try ProgramRun(
      ["synth", "-o", dataset, "--users", "5000"],
      signal: (number, 0.5)
    )
    #expect(run.status == 128 + number)
    #expect(run.errorLines.count == 1)
    #expect(names(folder.path) == [])
  }

  @Test func aSecondProcessOnTheSameFolderStops() throws {
    let partial = dataset + ".partial"
    try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
    let lock = open(partial, O_RDONLY)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX) == 0)
    let run = try synthesize()
    #expect(run.status == 74)
    #expect(run.errors.contains("another process"))
    #expect(names(folder.path) == ["gestures.partial"])
  }

  @Test func jsonIsOneObject() throws {
    let run = try synthesize("--json", "--seed", "4")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(object?["recordings"] as? Int == 3)
    #expect(object?["test_recordings"] as? Int == 1)
    #expect(object?["samples"] as? Int == 33)
    #expect(object?["seed"] as? Int == 4)
    #expect((object?["events"] as? Int ?? 0) > 5000)
    #expect(try synthesize("--quiet", "--overwrite").output.isEmpty)
  }

  @Test(arguments: [
    ["--users", "0"], ["--users", "-3"], ["--users", "many"], ["--trials", "0"],
    ["--duration", "12"], ["--duration", "99999999999"], ["--noise", "-1"], ["--noise", "nan"],
    ["--seed", "-1"], ["--dataset", "imagenet"], ["--speed", "3"], ["stray"],
  ])
  func impossibleOptionsAreUsageErrors(_ options: [String]) throws {
    let run = try ProgramRun(["synth", "-o", dataset] + options)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(options[0] == "stray" ? "stray" : options[0]))
    #expect(names(folder.path) == [])
  }

  @Test func anOutputBelowAFileIsAnInputOutputError() throws {
    let file = try folder.write([1], to: "file")
    for output in [file, file + "/gestures", folder.file("absent/gestures"), "/proc/gestures"] {
      let run = try ProgramRun("synth", "-o", output)
      #expect(run.status == (output == file ? 64 : 74))
      #expect(run.errorLines.count == 1)
      #expect(run.errors.contains(output) && run.errors.contains("another output folder"))
      #expect(run.output.isEmpty)
    }
    #expect(names(folder.path) == ["file"])
  }

  @Test func helpShowsExamplesAndDefaults() throws {
    let run = try ProgramRun("synth", "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("dvsprep synth -o gestures"))
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("default: 29") && words.contains("default: 1200000"))
  }
}
