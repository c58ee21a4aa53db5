import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Datasets in archives give what the unpacked folders give.
@Suite struct ArchiveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(_ inputs: [String], to name: String) async throws -> FrameCache {
    let catalog = try RecordingCatalog.open(inputs)
    let recipe = FramingRecipe(
      slicing: .equalCount(frames: 4),
      geometry: try catalog.geometry(reading: ReadOptions()),
      camera: catalog.kind.camera?.name
    )
    let options = PipelineOptions(jobs: 3, splits: [.standard(for: catalog)])
    let path = folder.file(name)
    _ = try await FramingPipeline(catalog, recipe, options: options).run(to: path)
    return try FrameCache.open(path)
  }

  private func expectEqual(_ one: FrameCache, _ other: FrameCache) throws {
    #expect(one.names == other.names && one.labels == other.labels)
    #expect(one.classNames == other.classNames && one.splits == other.splits)
    #expect(one.description.dataset == other.description.dataset && one.recipe == other.recipe)
    for index in 0..<min(one.count, other.count) {
      #expect(try one.frames(at: index) == other.frames(at: index))
      #expect(try one.slices(at: index) == other.slices(at: index))
    }
  }

  /// Packs folders with the system's own tar.
  private func tar(_ options: String, _ names: [String], in root: String, to archive: String) throws
  {
    let run = try ProgramRun(
      program: "/bin/tar",
      [options, archive] + names,
      in: folder.file(root)
    )
    #expect(run.status == 0, "\(run.errors)")
  }

  private func zip(_ names: [String], in root: String, to archive: String) throws {
    let program = """
      import os, sys, zipfile
      os.chdir(sys.argv[1])
      with zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED) as archive:
          for top in sys.argv[3].split(','):
              for folder, _, files in os.walk(top):
                  archive.write(folder)
                  for file in files: archive.write(os.path.join(folder, file))
      """
    _ = try Python.run(program, folder.file(root), archive, names.joined(separator: ","))
  }

  @Test(arguments: ["-czf", "-cf", "-cJf"])
  func gestureFromATarEqualsTheFolder(_ options: String) async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    let name = ["-czf": "DvsGesture.tar.gz", "-cf": "g.tar", "-cJf": "g.tar.xz"][options] ?? ""
    try folder.write([], to: "a/keep")
    try FileManager.default.removeItem(atPath: folder.file("a/keep"))
    try tar(options, ["DvsGesture"], in: "g", to: folder.file("a/\(name)"))
    let plain = try await convert([folder.file("g")], to: "plain.h5")
    #expect(plain.count == 36 && plain.splits["official"]?["test"]?.count == 12)
    let packed = try await convert([folder.file("a/\(name)")], to: "packed.h5")
    try expectEqual(packed, plain)
    #expect(packed.description.sourceFingerprint == plain.description.sourceFingerprint)
    try expectEqual(try await convert([folder.file("a")], to: "folder.h5"), plain)
  }

  @Test func labelsMayComeAfterTheirRecordingsAndFoldersMayStartWithADot() async throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    let plain = try await convert([folder.file("g")], to: "plain.h5")
    let names = [
      "user24_lab.aedat", "user02_led.aedat", "user01_fluorescent.aedat", "trials_to_test.txt",
      "user24_lab_labels.csv", "user01_fluorescent_labels.csv", "user02_led_labels.csv",
      "trials_to_train.txt",
    ].map { "./DvsGesture/\($0)" }
    try tar("-czf", names, in: "g", to: folder.file("late.tar.gz"))
    try expectEqual(try await convert([folder.file("late.tar.gz")], to: "late.h5"), plain)
  }

  @Test(.enabled(if: Python.hasNumPy))
  func cifarFromTenZipsEqualsTheFolders() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c")
    try folder.write([], to: "z/download/notes.txt")
    let classes = try FileManager.default.contentsOfDirectory(atPath: folder.file("c"))
    for name in classes { try zip([name], in: "c", to: folder.file("z/download/\(name).zip")) }
    let plain = try await convert([folder.file("c")], to: "plain.h5")
    let packed = try await convert([folder.file("z")], to: "packed.h5")
    try expectEqual(packed, plain)
    #expect(packed.description.dataset == "cifar10-dvs" && packed.count == 30)
  }

  @Test(.enabled(if: Python.hasNumPy))
  func nMNISTFromTwoZipsEqualsTheFolders() async throws {
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    for part in ["Train", "Test"] { try zip([part], in: "n", to: folder.file("\(part).zip")) }
    let plain = try await convert([folder.file("n")], to: "plain.h5")
    let zips = ["Train.zip", "Test.zip"].map(folder.file)
    let packed = try await convert(zips, to: "packed.h5")
    try expectEqual(packed, plain)
    #expect(packed.description.sourceFingerprint == plain.description.sourceFingerprint)
    let one = try RecordingCatalog.open([zips[0]])
    #expect(one.kind == .nMNIST && one.samples.allSatisfy { $0.part == .train })
  }

  @Test func classFoldersInATarKeepTheirOrderWhateverTheArchives() async throws {
    try MiniDataset.writeCIFAR10DVS(to: folder, at: "c", perClass: 9)
    try FileManager.default.moveItem(
      atPath: folder.file("c/cat"),
      toPath: folder.file("c/wolf")
    )
    let plain = try await convert([folder.file("c")], to: "plain.h5")
    let files = plain.names.shuffled().map { $0 + ".aedat" }
    try tar("-czf", files, in: "c", to: folder.file("mixed.tgz"))
    try expectEqual(try await convert([folder.file("mixed.tgz")], to: "mixed.h5"), plain)
  }

  // MARK: Hostile archives

  private func problem(_ path: String) -> FramingError? {
    #expect(throws: FramingError.self) { try RecordingCatalog.open([path]) }
  }

  @Test(arguments: ["../out/a.bin", "/etc/a.bin", "a/../../b.bin", ".."])
  func namesThatLeadOutAreRefused(_ name: String) throws {
    var tar = TarBuilder()
    tar.add("a/1.bin", [1, 2, 3, 4, 5])
    tar.add(name, [1, 2, 3, 4, 5])
    let error = problem(try folder.write(tar.archive, to: "x.tar"))
    #expect(error?.kind == .corrupt && error?.reason.contains("leads out") == true)
    #expect(error?.path == folder.file("x.tar"))
  }

  @Test func linksAndDevicesAreNotFollowed() throws {
    var tar = TarBuilder()
    tar.add("a/1.bin", [1, 2, 3, 4, 5])
    tar.add("a/2.bin", type: "2", link: "/etc/passwd")
    tar.add("a/3.bin", type: "1", link: "a/1.bin")
    let catalog = try RecordingCatalog.open([try folder.write(tar.archive, to: "x.tar")])
    #expect(catalog.recordings == ["a/1.bin"])
    #expect(catalog.ignored.count == 2)
  }

  @Test func aNameThatAppearsTwiceIsRefused() throws {
    var tar = TarBuilder()
    tar.add("a/1.bin", [1, 2, 3, 4, 5])
    tar.add("./a/1.bin", [5, 4, 3, 2, 1])
    let error = problem(try folder.write(tar.archive, to: "x.tar"))
    #expect(error?.reason.contains("appears twice") == true)
  }

  @Test(arguments: [8_000_000_000, 5_000])
  func sizesThatAreNotThereAreRefusedWithoutMemoryForThem(_ size: Int) throws {
    var tar = TarBuilder()
    tar.add("a/1.bin", [1, 2, 3, 4, 5], announced: size)
    let error = problem(try folder.write(tar.archive, to: "x.tar"))
    #expect(error?.kind == .corrupt)
  }

  @Test func everyCutOfACompressedArchiveIsNoticed() throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    try tar("-czf", ["DvsGesture"], in: "g", to: folder.file("whole.tar.gz"))
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.tar.gz"))))
    for count in [0, 1, 9, 11, 300, whole.count / 2, whole.count - 9, whole.count - 1] {
      let path = try folder.write(Array(whole.prefix(count)), to: "cut.tar.gz")
      let error = problem(path)
      #expect(error?.kind == .corrupt, "\(count)")
      #expect(error?.path?.hasPrefix(path) == true, "\(count)")
    }
  }

  @Test func everyFlippedByteOfACompressedArchiveIsNoticed() throws {
    try MiniDataset.writeGesture(to: folder, at: "g")
    try tar("-czf", ["DvsGesture"], in: "g", to: folder.file("whole.tar.gz"))
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.tar.gz"))))
    for place in stride(from: 10, to: whole.count, by: whole.count / 37) {
      var damaged = whole
      damaged[place] ^= 0x10
      let error = problem(try folder.write(damaged, to: "bad.tar.gz"))
      #expect(error?.kind == .corrupt, "byte \(place)")
    }
  }

  @Test(.enabled(if: Python.hasNumPy))
  func bombsAreRefused() throws {
    let program = """
      import gzip, io, sys, tarfile, zipfile
      zeros = bytes(1 << 20)
      with gzip.open(sys.argv[1], 'wb', 9) as out:
          with tarfile.open(fileobj=out, mode='w') as tar:
              info = tarfile.TarInfo('a/1.bin'); info.size = 300 << 20
              class Zeros(io.RawIOBase):
                  def read(self, n=-1): return zeros[:n]
              tar.addfile(info, Zeros())
      with zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED) as archive:
          archive.writestr('a/1.bin', zeros * 300)
      """
    let paths = ["bomb.tar.gz", "bomb.zip"].map(folder.file)
    _ = try Python.run(program, paths[0], paths[1])
    for path in paths {
      let error = problem(path)
      #expect(error?.kind == .corrupt && error?.reason.contains("200 times") == true, "\(path)")
    }
  }

  @Test(.enabled(if: Python.hasNumPy))
  func aDamagedMemberOfAZipIsAnErrorOfItsRecording() async throws {
    try MiniDataset.writeNMNIST(to: folder, at: "n")
    let archive = folder.file("Train.zip")
    try zip(["Train"], in: "n", to: archive)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: archive)))
    bytes[700] ^= 0x40
    try folder.write(bytes, to: "Train.zip")
    let unfinished = await #expect(throws: UnfinishedConversion.self) {
      try await convert([archive], to: "x.h5")
    }
    let error = unfinished?.cause as? RecordingError
    #expect(error?.path?.hasPrefix(archive + ": Train/") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.h5")))
  }

  @Test func whatIsNoArchiveIsAnError() throws {
    for name in ["x.zip", "x.tar", "x.tar.gz", "x.tar.zst"] {
      let error = problem(try folder.write(Array("not an archive, only text".utf8), to: name))
      #expect(error?.kind == .corrupt && error?.path == folder.file(name), "\(name)")
    }
  }
}
