import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Trees that SpikingJelly opens: names, values, and what an interruption leaves.
@Suite struct SpikingJellySinkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(
    _ input: String,
    to root: String,
    _ slicing: Slicing = .equalCount(frames: 4),
    writesEvents: Bool = false,
    overwrites: Bool = false,
    keepsGoing: Bool = false,
    stopAfter limit: Int? = nil
  ) async throws -> FramingReport {
    let catalog = try RecordingCatalog.open([input])
    let recipe = FramingRecipe(
      slicing: slicing,
      geometry: try catalog.geometry(reading: ReadOptions()),
      camera: catalog.kind.camera?.name
    )
    let options = PipelineOptions(jobs: 2, keepsGoing: keepsGoing, overwrites: overwrites)
    let sink = SpikingJellySink(folder.file(root), writesEvents: writesEvents)
    let pipeline = FramingPipeline(catalog, recipe, options: options)
    let work = Task {
      try await pipeline.run(to: sink) { progress in
        if let limit, progress.samples >= limit { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    return try await work.value
  }

  private func names(_ root: String) -> [String] {
    let path = folder.file(root)
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.filter { !FileManager.default.isFolder("\(path)/\($0)") }.sorted()
  }

  private func contents(_ root: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in names(root) where name.hasSuffix(".npz") {
      contents[name] = try Data(contentsOf: URL(fileURLWithPath: folder.file("\(root)/\(name)")))
    }
    return contents
  }

  private func expectError(
    _ kind: FramingError.Kind,
    _ word: String,
    _ body: () async throws -> Void
  ) async {
    let error = await #expect(throws: FramingError.self) { try await body() }
    #expect(error?.kind == kind && error?.description.contains(word) == true, "\(error as Any)")
  }

  // MARK: Golden

  /// A tree and one way of cutting.
  struct Case: Sendable, CustomStringConvertible {
    let tree: String
    let frames: String
    let slicing: Slicing
    var description: String { "\(tree)/\(frames)" }
  }

  static let cases: [Case] = ["tree_gesture", "tree_cifar", "tree_nmnist"].flatMap { tree in
    [
      Case(
        tree: tree,
        frames: "frames_number_16_split_by_number",
        slicing: .equalCount(frames: 16)
      ),
      Case(
        tree: tree,
        frames: "frames_number_10_split_by_time",
        slicing: .equalDuration(frames: 10)
      ),
      Case(
        tree: tree,
        frames: "duration_100000",
        slicing: .microsecondsPerFrame(100_000, rule: .firstEvent)
      ),
    ]
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absent)"), arguments: cases)
  func treesEqualSpikingJellysFileByFile(_ golden: Case) async throws {
    let input = SharedData.path("golden/io/\(golden.tree)")
    _ = try await convert(input, to: "t", golden.slicing, writesEvents: true)
    for (part, keys) in [(golden.frames, ["frames"]), ("events_np", ["t", "x", "y", "p"])] {
      let base = "golden/io/expected/\(golden.tree)/\(part)"
      let expected = SharedData.files(under: base, suffix: ".npz").map {
        String($0.dropFirst(base.count + 1))
      }
      #expect(expected.count >= 12)
      let own = names("t/\(part)")
      #expect(Set(expected).isSubset(of: own))
      // SpikingJelly has no file for a recording without events when it cuts by time.
      #expect(own.count - expected.count <= (golden.tree == "tree_gesture" ? 1 : 0))
      for file in expected {
        let theirs = try NPZArchive(path: SharedData.path("\(base)/\(file)"))
        let ours = try NPZArchive(path: folder.file("t/\(part)/\(file)"))
        #expect(ours.names == keys, "\(file)")
        for key in keys {
          let (a, b) = (try theirs.array(key), try ours.array(key))
          #expect(a.shape == b.shape, "\(file) \(key)")
          #expect(try a.values(as: Int64.self) == b.values(as: Int64.self), "\(file) \(key)")
        }
      }
    }
  }

  // MARK: What is in the root

  @Test func withoutEventsAnEmptyFolderTellsThatNothingIsToBeConverted() async throws {
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    let report = try await convert(folder.file("n"), to: "t")
    #expect(report.samples == 30 && report.splits == ["official": ["train": 20, "test": 10]])
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: folder.file("t"))) == [
        "events_np", "frames_number_4_split_by_number", "frames_number_4_split_by_number.manifest",
      ]
    )
    #expect(names("t/events_np").isEmpty)
    #expect(names("t/frames_number_4_split_by_number").contains("train/3/00003.npz"))
  }

  @Test func theRootMayBeTheInputs() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    _ = try await convert(folder.file("g"), to: "g")
    #expect(names("g/events_np").count == 36)
    _ = try await convert(folder.file("g"), to: "g", .equalDuration(frames: 3))
    #expect(names("g/frames_number_3_split_by_time").count == 36)
    #expect(names("g").filter { $0.hasSuffix(".partial") || $0.hasSuffix(".journal") }.isEmpty)
  }

  @Test func countsBeyondAByteAreWider() async throws {
    var events = EventBuffer()
    for t in 0..<700 { events.append(t: Int64(t), x: 3, y: 2, p: .on) }
    try folder.write(try AEDAT3Writer().recording(of: events), to: "w/a/1.aedat")
    let report = try await convert(folder.file("w"), to: "t", .equalCount(frames: 1))
    #expect(report.type == .int16)
    let file = folder.file("t/frames_number_1_split_by_number/a/1.npz")
    let frames = try NPZArchive(path: file).array("frames").values(as: Int32.self)
    #expect(frames.max() == 700 && frames.reduce(0, +) == 700)
  }

  // MARK: Going on

  @Test func aStoppedConversionGoesOnAndGivesTheSameFiles() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    let whole = try await convert(folder.file("c"), to: "whole", writesEvents: true)
    #expect(whole.keptSamples == 0)
    await #expect(throws: (any Error).self) {
      try await convert(folder.file("c"), to: "t", writesEvents: true, stopAfter: 11)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("t"))
    #expect(
      Set(left) == [
        "events_np.partial", "frames_number_4_split_by_number.journal",
        "frames_number_4_split_by_number.partial",
      ]
    )
    let again = try await convert(folder.file("c"), to: "t", writesEvents: true)
    #expect(again.keptSamples >= 9 && again.keptSamples < 30, "\(again.keptSamples)")
    #expect(again.samples == 30)
    #expect(try contents("t") == contents("whole"))
    #expect(!names("t").contains { $0.contains(".partial") || $0.contains(".journal") })
    let third = try await convert(folder.file("c"), to: "t", writesEvents: true)
    #expect(third.keptSamples == 30)
  }

  @Test func filesThatDoNotVerifyAreMadeAgain() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    _ = try await convert(folder.file("c"), to: "whole")
    await #expect(throws: (any Error).self) {
      try await convert(folder.file("c"), to: "t", stopAfter: 20)
    }
    let partial = "t/frames_number_4_split_by_number.partial"
    let first = try #require(names(partial).first)
    var bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: folder.file("\(partial)/\(first)")))
    )
    bytes[bytes.count / 2] ^= 1
    try folder.write(bytes, to: "\(partial)/\(first)")
    try folder.write([1], to: "\(partial)/stray/file.npz")
    // A line that was torn does not count.
    let journal = folder.file("t/frames_number_4_split_by_number.journal")
    let handle = try #require(FileHandle(forWritingAtPath: journal))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"recording\": 29, \"no".utf8))
    try handle.close()
    _ = try await convert(folder.file("c"), to: "t")
    #expect(try contents("t") == contents("whole"))
  }

  @Test func aTreeOfOtherFramesOrSourcesIsNotReused() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    _ = try await convert(folder.file("c"), to: "t")
    let changed = MiniDataset.events(900, seed: 99)
    try folder.write(
      try AEDAT2Writer(layout: .cifar10DVS).recording(of: changed),
      to: "c/cat/cifar10_cat_1.aedat"
    )
    await expectError(.usage, "cat/cifar10_cat_1.aedat was changed") {
      _ = try await convert(folder.file("c"), to: "t")
    }
    let before = try contents("t")
    _ = try await convert(folder.file("c"), to: "t", overwrites: true)
    #expect(try contents("t") != before)
    try FileManager.default.removeItem(
      atPath: folder.file("t/frames_number_4_split_by_number.manifest")
    )
    await expectError(.usage, "not made by this program") {
      _ = try await convert(folder.file("c"), to: "t")
    }
  }

  @Test func unfinishedWorkOfAnotherConversionIsNotTouched() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    await #expect(throws: (any Error).self) {
      try await convert(folder.file("c"), to: "t", stopAfter: 9)
    }
    try FileManager.default.removeItem(atPath: folder.file("c/cat"))
    await expectError(.usage, "unfinished work of another conversion") {
      _ = try await convert(folder.file("c"), to: "t")
    }
    let report = try await convert(folder.file("c"), to: "t", overwrites: true)
    #expect(report.samples == 27 && report.keptSamples == 0)
  }

  @Test func eventsOfOtherSamplesAreNotTrusted() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    try folder.write([1], to: "t/events_np/cat/other.npz")
    await expectError(.usage, "not those of the 30 samples") {
      _ = try await convert(folder.file("c"), to: "t", writesEvents: true)
    }
    #expect(names("t") == ["events_np/cat/other.npz"])
  }

  @Test func eventsOfRecordingsThatWereChangedAreNotKept() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    _ = try await convert(folder.file("g"), to: "t")
    let events = MiniDataset.events(9000, step: 40, seed: 77)
    try folder.write(
      try AEDAT3Writer().recording(of: events),
      to: "g/DvsGesture/user02_led.aedat"
    )
    await expectError(.usage, "was made of user02_led.aedat, which was changed") {
      _ = try await convert(folder.file("g"), to: "t", .equalCount(frames: 2))
    }
    _ = try await convert(folder.file("g"), to: "t", .equalCount(frames: 2), overwrites: true)
    let frames = "frames_number_2_split_by_number/train/0/user02_led_0.npz"
    #expect(names("t").contains(frames))
  }

  @Test func recordingsThatFailLeaveNoFile() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    try folder.write(Array("#!AER-DAT2.0\r\n12345".utf8), to: "c/dog/cifar10_dog_1.aedat")
    let error = await #expect(throws: UnfinishedConversion.self) {
      try await convert(folder.file("c"), to: "t")
    }
    #expect(error?.cause is RecordingError)
    let report = try await convert(folder.file("c"), to: "t", keepsGoing: true)
    #expect(report.samples == 29 && report.failures.count == 1)
    #expect(!names("t").contains { $0.contains("cifar10_dog_1") })
  }

  @Test func aTreeThatLacksOnlyItsManifestIsFinished() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    _ = try await convert(folder.file("c"), to: "t", writesEvents: true)
    let whole = try contents("t")
    let frames = folder.file("t/frames_number_4_split_by_number")
    try FileManager.default.moveItem(atPath: frames + ".manifest", toPath: frames + ".journal")
    let report = try await convert(folder.file("c"), to: "t", writesEvents: true)
    #expect(report.keptSamples == 30)
    #expect(try contents("t") == whole)
    #expect(FileManager.default.fileExists(atPath: frames + ".manifest"))
    #expect(!FileManager.default.fileExists(atPath: frames + ".journal"))
  }

  @Test func twoProcessesDoNotWriteBelowTheSameRoot() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    _ = try await convert(folder.file("c"), to: "t", writesEvents: true)
    let other = open(folder.file("t"), O_RDONLY | O_DIRECTORY)
    try #require(flock(other, LOCK_EX | LOCK_NB) == 0)
    defer { close(other) }
    let before = names("t")
    await expectError(.output, "another process is writing below this folder") {
      _ = try await convert(folder.file("c"), to: "t", .equalCount(frames: 2), writesEvents: true)
    }
    #expect(names("t") == before)
  }

  @Test func aManifestTellsWhichFilesWereChanged() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    _ = try await convert(folder.file("c"), to: "t", writesEvents: true)
    let frames = "frames_number_4_split_by_number"
    func findings() async throws -> [String] {
      let tree = try FrameTree(folder.file("t"))
      let verification = try #require(TreeVerification(tree, jobs: 2))
      #expect(verification.fileCount == 60)
      return try await verification.run().map(\.reason)
    }
    #expect(try await findings() == [])
    let events = "t/events_np/cat/cifar10_cat_1.npz"
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(events))))
    bytes[bytes.count - 1] ^= 0x80
    try folder.write(bytes, to: events)
    let (first, second) = ("t/\(frames)/cat/cifar10_cat_0.npz", "t/\(frames)/cat/cifar10_cat_2.npz")
    try FileManager.default.moveItem(
      atPath: folder.file(first),
      toPath: folder.file("t/\(frames)/cat/more.npz")
    )
    try FileManager.default.removeItem(atPath: folder.file(second))
    #expect(
      Set(try await findings()) == [
        "events_np/cat/cifar10_cat_1.npz differs from what was written",
        "\(frames)/cat/cifar10_cat_0.npz is missing",
        "\(frames)/cat/cifar10_cat_2.npz is missing", "\(frames)/cat/more.npz was added",
      ]
    )
  }

  @Test func waysOfCuttingThatSpikingJellyLacksAreRefused() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    await expectError(.usage, "fixed number of events") {
      _ = try await convert(folder.file("c"), to: "t", .eventsPerFrame(100))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("t")))
  }
}

extension FileManager {
  /// Whether a path is a folder.
  fileprivate func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
