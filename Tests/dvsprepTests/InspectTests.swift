import EventIO
import Foundation
import Testing
import _TestSupport

@Suite struct InspectTests {
  /// Ten events, two at a time, one of them outside a 4×4 sensor, one back in time.
  private func recording(in folder: TemporaryFolder) throws -> String {
    let path = folder.file("events.npz")
    let events = EventBuffer(
      t: [0, 10, 20, 30, 40, 35, 60, 70, 80, 90],
      x: [0, 1, 2, 3, 0, 1, 2, 9, 0, 1],
      y: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2],
      p: [.on, .off, .on, .off, .on, .on, .on, .off, .off, .off]
    )
    try NPZWriter.write(events, to: path)
    return path
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func jsonOfARecordingHasTheDocumentedKeys() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun(
      "inspect",
      recording(in: folder),
      "-T",
      "3",
      "--geometry",
      "4x4",
      "--json"
    )
    #expect(run.status == 0, "\(run.errors)")
    let json = try object(run.output)
    for (key, value) in [
      "width": 4, "height": 4, "events": 10, "first_us": 0, "last_us": 90, "on": 5, "off": 5,
      "out_of_range": 1, "unordered": 1,
    ] {
      #expect(json[key] as? Int == value, "\(key)")
    }
    #expect(json["format"] as? String != nil)
    let slices = try #require(json["slices"] as? [[String: Any]])
    #expect(slices.map { $0["events"] as? Int } == [3, 3, 4])
    #expect(slices.map { $0["first_event"] as? Int } == [0, 3, 6])
    #expect(slices.map { $0["last_event_exclusive"] as? Int } == [3, 6, 10])
    #expect(slices.map { $0["start_us"] as? Int } == [0, 30, 60])
    #expect(slices.map { $0["end_us"] as? Int } == [20, 35, 90])
    #expect(slices.map { $0["on"] as? Int } == [2, 2, 1])
    #expect(slices.map { $0["off"] as? Int } == [1, 1, 3])
    #expect(slices.map { $0["index"] as? Int } == [0, 1, 2])
  }

  @Test func textHasALineASlice() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun("inspect", recording(in: folder), "-T", "5", "--geometry", "4x4")
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n").filter { $0.hasSuffix("%") }.count == 5)
    #expect(run.output.contains("10: 5 ON, 5 OFF"))
  }

  @Test func durationCutsByTime() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun(
      "inspect",
      recording(in: folder),
      "--duration",
      "40",
      "--geometry",
      "4x4",
      "--json"
    )
    let slices = try #require(try object(run.output)["slices"] as? [[String: Any]])
    #expect(slices.map { $0["events"] as? Int } == [6, 4])
  }

  @Test func tableAndPicturesAreWritten() throws {
    let folder = try TemporaryFolder()
    let (csv, png, gif) = (folder.file("s.csv"), folder.file("s.png"), folder.file("s.gif"))
    let run = try ProgramRun(
      "inspect",
      recording(in: folder),
      "-T",
      "2",
      "--geometry",
      "4x4",
      "--csv",
      csv,
      "--png",
      png,
      "--gif",
      gif
    )
    #expect(run.status == 0, "\(run.errors)")
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    #expect(
      lines == [
        "index,first_event,last_event_exclusive,events,start_us,end_us,length_us,on,off",
        "0,0,5,5,0,40,40,3,2", "1,5,10,5,35,90,55,2,3",
      ]
    )
    #expect(FileManager.default.contents(atPath: png)?.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    #expect(FileManager.default.contents(atPath: gif)?.prefix(6) == Data("GIF89a".utf8))
  }

  @Test func anEmptyRecordingHasEmptySlices() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("empty.npz")
    try NPZWriter.write(EventBuffer(), to: path)
    let run = try ProgramRun("inspect", path, "-T", "2", "--geometry", "4x4", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let slices = try #require(try object(run.output)["slices"] as? [[String: Any]])
    #expect(slices.map { $0["start_us"] as? Int } == [-1, -1])
    #expect(try object(run.output)["first_us"] is NSNull)
    #expect(try object(run.output)["last_us"] is NSNull)
  }

  @Test func allFilesAreWrittenOrNone() throws {
    let folder = try TemporaryFolder()
    let path = try recording(in: folder)
    let csv = folder.file("s.csv")
    func run(_ more: String...) throws -> ProgramRun {
      try ProgramRun(["inspect", path, "-T", "2", "--geometry", "4x4", "--csv", csv] + more)
    }
    let absent = try run("--png", folder.file("no/such.png"))
    #expect(absent.status == 74 && absent.output.isEmpty)
    try folder.write(Array("my notes".utf8), to: "notes.png")
    let notes = try run("--png", folder.file("notes.png"))
    #expect(notes.status == 64 && notes.errors.contains("not replaced"))
    #expect(try run("--gif", folder.path).status == 64)
    #expect(try run("--gif", csv).status == 64)
    #expect(!FileManager.default.fileExists(atPath: csv))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(left == [(path as NSString).lastPathComponent, "notes.png"].sorted())
    #expect(try run("--png", folder.file("a.png")).status == 0)
    #expect(try run("--png", folder.file("a.png")).status == 0)
  }

  @Test func outputsMayHaveNamesOfOneLetter() throws {
    let folder = try TemporaryFolder()
    let cache = try TinyCache(in: folder).path
    let arguments = ["inspect", cache, "--sample", "1", "--png", "p", "--csv", "c", "--gif", "-"]
    let run = try ProgramRun(arguments, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    for name in ["p", "c", "-"] {
      #expect(FileManager.default.fileExists(atPath: folder.file(name)), "\(name)")
    }
    let twice = try ProgramRun(["inspect", cache, "--png", "q", "--gif", "./q"], in: folder.path)
    #expect(twice.status == 64 && twice.errors.contains("is named twice"))
  }

  @Test func aWholeCacheGivesATableOfItsSamplesAndNoPictures() throws {
    let folder = try TemporaryFolder()
    let cache = try TinyCache(in: folder)
    let csv = folder.file("samples.csv")
    #expect(try ProgramRun("inspect", cache.path, "--csv", csv).status == 0)
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == TinyCache.count + 1 && lines[0].hasPrefix("index,name,label,class"))
    let picture = try ProgramRun("inspect", cache.path, "--png", folder.file("x.png"))
    #expect(picture.status == 64 && picture.errors.contains("--sample and a number from 0 to"))
  }

  @Test func datasetsAndTheirFramesAreSummarized() throws {
    let folder = try TemporaryFolder()
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    let tree = ["convert", folder.file("n"), "-o", folder.file("t"), "--layout", "spikingjelly"]
    #expect(try ProgramRun(tree + ["-T", "4", "--quiet"]).status == 0)
    let csv = folder.file("s.csv")
    let data = try object(ProgramRun("inspect", folder.file("n"), "--json", "--csv", csv).output)
    #expect(data["dataset"] as? String == "n-mnist" && data["samples"] as? Int == 30)
    #expect((data["splits"] as? [String: [String: Int]])?["official"]?["train"] == 20)
    #expect(try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n").count == 31)
    for path in ["t", "t/frames_number_4_split_by_number"] {
      let frames = try object(ProgramRun("inspect", folder.file(path), "--json").output)
      #expect(frames["samples"] as? Int == 30 && frames["frames"] as? Int == 120)
      #expect((frames["events_per_sample"] as? [String: Any])?["max"] as? Int == 300)
      #expect((frames["splits"] as? [String: [String: Int]])?["official"]?["test"] == 10)
    }
    let text = try ProgramRun("inspect", folder.file("t"))
    #expect(text.output.contains("official/train 20") && text.output.contains("0 empty"))
  }

  @Test func aSampleOfAFolderOfFramesIsShown() throws {
    let folder = try TemporaryFolder()
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    let tree = ["convert", folder.file("n"), "-o", folder.file("t"), "--layout", "spikingjelly"]
    #expect(try ProgramRun(tree + ["-T", "4", "--quiet"]).status == 0)
    let frames = folder.file("t/frames_number_4_split_by_number")
    let (png, gif) = (folder.file("s.png"), folder.file("s.gif"))
    for path in [frames, frames + "/", folder.file("t")] {
      let whole = try ProgramRun("inspect", path, "--png", png)
      #expect(whole.status == 64 && whole.errors.contains("--sample and a number from 0 to 29"))
      let files = ["--png", png, "--gif", gif, "--csv", folder.file("s.csv")]
      let run = try ProgramRun(["inspect", path, "--sample", "12", "--json"] + files)
      #expect(run.status == 0, "\(run.errors)")
      let json = try object(run.output)
      #expect(json["events"] as? Int == 300 && json["name"] as? String == "train/1/00001")
      let slices = try #require(json["slices"] as? [[String: Any]])
      #expect(slices.map { $0["events"] as? Int } == [75, 75, 75, 75])
      #expect(slices[0]["start_us"] is NSNull)
    }
    #expect(FileManager.default.contents(atPath: png)?.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    #expect(FileManager.default.contents(atPath: gif)?.prefix(6) == Data("GIF89a".utf8))
    #expect(try ProgramRun("inspect", frames, "--sample", "30").status == 64)
    #expect(try ProgramRun("inspect", frames, "-T", "3").status == 64)
    // One file by itself.
    let file = try ProgramRun("inspect", frames + "/train/1/00001.npz", "--json", "--png", png)
    #expect(file.status == 0, "\(file.errors)")
    #expect(try object(file.output)["events"] as? Int == 300)
    #expect(try ProgramRun("inspect", frames + "/train/1/00001.npz").output.contains("75"))
  }

  @Test func aSampleOfADatasetIsCutAsConvertCutsIt() throws {
    let folder = try TemporaryFolder()
    try MiniDataset.writeGesture(to: folder, at: "g")
    let (cache, png) = (folder.file("g.h5"), folder.file("s.png"))
    #expect(try ProgramRun("convert", folder.file("g"), "-o", cache, "-T", "3").status == 0)
    let sample = ["--sample", "17", "--json"]
    let expected = try object(ProgramRun(["inspect", cache] + sample).output)
    let run = try ProgramRun(["inspect", folder.file("g"), "-T", "3", "--png", png] + sample)
    #expect(run.status == 0, "\(run.errors)")
    let found = try object(run.output)
    #expect(NSDictionary(dictionary: found) == NSDictionary(dictionary: expected))
    #expect(FileManager.default.fileExists(atPath: png))
    let whole = try ProgramRun("inspect", folder.file("g"), "--png", png)
    #expect(whole.status == 64 && whole.errors.contains("--sample and a number from 0 to 35"))
  }

  @Test func cachesAreSummarizedAndTheirSamplesShown() throws {
    let folder = try TemporaryFolder()
    let cache = try TinyCache(in: folder)
    let whole = try ProgramRun("inspect", cache.path, "--json")
    #expect(whole.status == 0, "\(whole.errors)")
    let json = try object(whole.output)
    #expect(json["samples"] as? Int == TinyCache.count)
    #expect((json["classes"] as? [[String: Any]])?.count == 3)
    let one = try ProgramRun(
      "inspect",
      cache.path,
      "--sample",
      "4",
      "--json",
      "--png",
      folder.file("sample.png")
    )
    #expect(one.status == 0, "\(one.errors)")
    #expect(try object(one.output)["sample"] as? Int == 4)
    #expect(FileManager.default.fileExists(atPath: folder.file("sample.png")))
    #expect(try ProgramRun("inspect", cache.path).output.contains("middle"))
    #expect(try ProgramRun("inspect", cache.path, "--sample", "99").status == 64)
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = try recording(in: folder)
    #expect(try ProgramRun("inspect", path, "--sample", "0").status == 64)
    #expect(try ProgramRun("inspect", path, "-T", "0").status == 64)
    #expect(try ProgramRun("inspect", path, "-T", "4", "--duration", "10").status == 64)
    #expect(try ProgramRun("inspect", TinyCache(in: folder).path, "-T", "4").status == 64)
    let unwritable = try ProgramRun("inspect", path, "--png", folder.file("no/such/folder.png"))
    #expect(unwritable.status == 74)
    #expect(unwritable.output.isEmpty)
  }

  /// Real recordings: events and times as `SOURCES.md` lists them.
  @Test(
    .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)),
    arguments: ["aedat2_dvs128", "mnist_dvs_digit0"]
  )
  func realRecordingsHaveTheEventsOfTheirSources(_ name: String) throws {
    let files = SharedData.files(under: "data/" + name, suffix: ".aedat")
    #expect(files.count >= 12)
    let sources = try String(contentsOfFile: SharedData.path("data/SOURCES.md"), encoding: .utf8)
    for file in files {
      let run = try ProgramRun("inspect", SharedData.path(file), "-T", "16", "--json")
      let fileName = URL(fileURLWithPath: file).lastPathComponent
      #expect(run.status == 0, "\(fileName): \(run.errors)")
      let json = try object(run.output)
      let events = try #require(json["events"] as? Int)
      let slices = try #require(json["slices"] as? [[String: Any]])
      let expected = (0..<16).map { $0 < 15 ? events / 16 : events - 15 * (events / 16) }
      #expect(slices.map { $0["events"] as? Int } == expected, "\(fileName)")
      guard
        let line = sources.split(separator: "\n").first(where: { $0.hasPrefix("| \(fileName)") })
      else { continue }
      func number(_ key: String) -> Int? {
        let fields = line.split(whereSeparator: { ", |".contains($0) })
        return fields.first { $0.hasPrefix(key + "=") }.flatMap { Int($0.dropFirst(key.count + 1)) }
      }
      #expect(number("n") == events, "\(fileName)")
      guard events > 0 else { continue }
      // The list shows times as signed 32-bit numbers; readers give them unsigned.
      #expect(number("t0").map { $0 & 0xFFFF_FFFF } == json["first_us"] as? Int, "\(fileName)")
      #expect(number("t1").map { $0 & 0xFFFF_FFFF } == json["last_us"] as? Int, "\(fileName)")
    }
  }
}
