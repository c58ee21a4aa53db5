import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// `dvsprep convert` of archives, of labelled recordings and to trees: options, messages, status.
@Suite struct DatasetInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func anArchiveConvertsAndAHostileOneIsBadData() throws {
    var tar = TarBuilder()
    let bytes = try AEDAT3Writer().recording(of: MiniDataset.events(100, seed: 1))
    tar.add("a/1.aedat", bytes)
    tar.add("b/2.aedat", bytes)
    let path = try folder.write(tar.archive, to: "mine.tar")
    let run = try ProgramRun("convert", path, "-o", folder.file("x.h5"), "-T", "2", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try object(run.output)["samples"] as? Int == 2)

    tar.add("../../c/3.aedat", bytes)
    try folder.write(tar.archive, to: "mine.tar")
    let hostile = try ProgramRun("convert", path, "-o", folder.file("y.h5"))
    #expect(hostile.status == 65 && hostile.output.isEmpty && hostile.errorLines.count == 1)
    #expect(hostile.errors.contains("leads out of the archive"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("y.h5")))
    let cut = try folder.write(Array(tar.archive.prefix(900)), to: "cut.tar")
    #expect(try ProgramRun("convert", cut, "-o", folder.file("y.h5")).status == 65)
  }

  @Test func aRecordingIsCutByALabelFile() throws {
    let events = MiniDataset.events(1000, seed: 2)
    let path = try folder.write(try AEDAT3Writer().recording(of: events), to: "session.aedat")
    let middle = events.t[500]
    let table =
      "class,startTime_usec,endTime_usec,who\nwave,0,\(middle),me\nclap,\(middle),9999999,me\n"
    let labels = try folder.write(Array(table.utf8), to: "mine.csv")
    let output = folder.file("x.h5")
    let run = try ProgramRun("convert", path, "--labels", labels, "-o", output, "-T", "2", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let cache = try FrameCache.open(output)
    #expect(cache.names == ["clap/session_0", "wave/session_0"])
    #expect(cache.classNames == ["clap", "wave"])
    let counts = try (0..<2).map { try cache.slices(at: $0).events.reduce(0, +) }
    #expect(counts.reduce(0, +) == 1000)
    try folder.write(Array("class,startTime_usec,endTime_usec\nwave,7,x\n".utf8), to: "mine.csv")
    let broken = try ProgramRun("convert", path, "--labels", labels, "-o", folder.file("y.h5"))
    #expect(broken.status == 65 && broken.errors.contains("mine.csv: line 2"))
    let events2 = try ProgramRun("convert", path, "--labels", labels, "-o", folder.file("y.npz"))
    #expect(events2.status == 64)
  }

  @Test(arguments: [
    ["-o", "x.h5", "--layout", "spikingjelly"], ["-o", "tree"], ["-o", "x.h5", "--events"],
    ["-o", "tree", "--layout", "spikingjelly", "--split", "sj-0.9"],
    ["-o", "tree", "--layout", "spikingjelly", "--shard", "1/2"],
    ["-o", "tree", "--layout", "spikingjelly", "--events-per-frame", "100"],
    ["-o", "x.h5", "--split", "kfold:1"], ["-o", "x.h5", "--val", "1.5"],
    ["-o", "x.h5", "--split", "none", "--val", "0.5"], ["-o", "x.h5", "--split", "kfold:500"],
  ])
  func optionsThatMakeNoSenseAreUsageErrors(_ options: [String]) throws {
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    let run = try ProgramRun(["convert", folder.file("n")] + options, in: folder.path)
    #expect(run.status == 64, "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["n"])
  }

  @Test func splitsWithASeedAreStored() throws {
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    let options = ["--split", "official", "--split", "kfold:3", "--val", "0.5", "--seed", "9"]
    let convert = ["convert", folder.file("n"), "-T", "1", "--quiet"] + options
    #expect(try ProgramRun(convert + ["-o", folder.file("a.h5")]).status == 0)
    let cache = try FrameCache.open(folder.file("a.h5"))
    #expect(cache.splits.keys.sorted() == ["kfold-3-0", "kfold-3-1", "kfold-3-2", "official"])
    #expect(cache.splits["official"]?.mapValues(\.count) == ["train": 10, "val": 10, "test": 10])
  }

  @Test func aTreeIsReportedAndMadeOnce() throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    let arguments = [
      "convert", folder.file("g"), "-o", folder.file("g"), "--layout", "spikingjelly",
    ]
    let first = try ProgramRun(arguments + ["-T", "4", "--json"])
    #expect(first.status == 0, "\(first.errors)")
    let json = try object(first.output)
    #expect(json["samples"] as? Int == 36 && json["frames"] as? Int == 144)
    let frames = folder.file("g/frames_number_4_split_by_number/train/3/user01_fluorescent_0.npz")
    let before =
      try FileManager.default.attributesOfItem(atPath: frames)[.modificationDate] as? Date
    #expect(try ProgramRun(arguments + ["-T", "4"]).status == 0)
    let after = try FileManager.default.attributesOfItem(atPath: frames)[.modificationDate] as? Date
    #expect(before != nil && before == after)
  }
}
