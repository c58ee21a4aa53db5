import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// `verify` and `merge`, through the program.
@Suite(.serialized) struct VerifyTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var recordings = (0..<9).map {
      MiniDataset.events(600, width: 16, height: 12, step: 14, seed: UInt64($0))
    }
    // One recording needs wider counts than the others.
    let end = try #require(recordings[4].t.last)
    for event in 0..<400 { recordings[4].append(t: end + Int64(event), x: 5, y: 5, p: .on) }
    try MiniDataset.writeClasses(recordings, to: folder, at: "set")
  }

  private var input: [String] { [folder.file("set"), "--geometry", "16x12"] }

  private func convert(_ name: String, _ options: String...) throws -> String {
    let path = folder.file(name)
    let run = try ProgramRun(["convert"] + input + ["-o", path, "--quiet"] + options)
    try #require(run.status == 0, "\(run.errors)")
    return path
  }

  @Test(arguments: ["1", "6"])
  func everyFlippedBitIsFound(_ compression: String) throws {
    let path = try convert("a.h5", "-T", "3", "--compression", compression)
    #expect(try ProgramRun("verify", path).output == "\(path): 9 samples, sound\n")
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    var generator = SplitMix64(seed: 2)
    let damaged = folder.file("damaged.h5")
    for _ in 0..<100 {
      var copy = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      copy[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try Data(copy).write(to: URL(fileURLWithPath: damaged))
      let run = try ProgramRun("verify", damaged)
      #expect(run.status == 65, "byte \(place): \(run.status) \(run.errors)")
      #expect(run.errors.contains(damaged))
    }
  }

  @Test(.enabled(if: Python.hasH5py))
  func aCacheChangedOnPurposeIsComparedByItsContent() throws {
    let path = try convert("a.h5", "-T", "3")
    func change(_ statement: String) throws {
      let program = "import h5py, sys; f = h5py.File(sys.argv[1], 'r+'); \(statement)"
      _ = try Python.run(program, path)
    }
    try change("f.attrs['note'] = 'mine'")
    let changed = try ProgramRun("verify", path)
    #expect(changed.status == 65 && changed.errors.contains("attribute file_checksum to 0"))
    try change("f.attrs.modify('file_checksum', 0)")
    #expect(try ProgramRun("verify", path).status == 0)
    try change("del f.attrs['file_checksum']")
    #expect(try ProgramRun("verify", path).status == 65)
  }

  @Test func framesAreMadeAgainAndCompared() throws {
    let path = try convert("a.h5", "-T", "3")
    let good = try ProgramRun("verify", path, "--source", folder.file("set"))
    #expect(good.status == 0 && good.output.contains("equal to those made of"), "\(good.errors)")
    // Another event in one recording, and one recording less.
    var events = EventBuffer()
    events.append(t: 1, x: 2, y: 3, p: .on)
    try AEDAT3Writer().write(events, to: folder.file("set/1/1.aedat"))
    try FileManager.default.removeItem(atPath: folder.file("set/2/5.aedat"))
    let run = try ProgramRun("verify", path, "--source", folder.file("set"), "--json")
    #expect(run.status == 1)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let findings = json?["findings"] as? [[String: String]]
    #expect(json?["ok"] as? Bool == false)
    #expect(findings?.map { $0["sample"] } == ["1/1", "2/5"])
    #expect(findings?[1]["reason"] == "is not in the source")
  }

  @Test func samplesThatTheCacheLacksAreListedOnceTheyCanBeRead() throws {
    let sound = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.file("set/2/5.aedat"))))
    try folder.write(Array(sound.dropLast(5)), to: "set/2/5.aedat")
    let path = folder.file("a.h5")
    let options = ["-o", path, "-T", "3", "--quiet", "--keep-going"]
    #expect(try ProgramRun(["convert"] + input + options).status == 2)
    let broken = try ProgramRun("verify", path, "--source", folder.file("set"))
    #expect(broken.status == 0, "\(broken.errors)")
    #expect(broken.errors.contains("warning: \(folder.file("set/2/5.aedat"))"))

    try folder.write(sound, to: "set/2/5.aedat")
    let mended = try ProgramRun("verify", path, "--source", folder.file("set"))
    #expect(mended.status == 1)
    #expect(mended.errors.contains("sample 2/5: is in the source, not in the cache"))

    // A sample of the cache that cannot be made again is a difference.
    try folder.write(Array(sound.prefix(100)), to: "set/1/1.aedat")
    try FileManager.default.removeItem(atPath: folder.file("set/2/5.aedat"))
    let lost = try ProgramRun("verify", path, "--source", folder.file("set"))
    #expect(lost.status == 1 && lost.errors.contains("sample 1/1: cannot be made again"))
  }

  @Test func aPartOfAShardedConversionIsComparedWithItsOwnRecordings() throws {
    let part = try convert("part.h5", "-T", "3", "--shard", "2/3")
    let run = try ProgramRun("verify", part, "--source", folder.file("set"))
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func twoSetsAreComparedValueByValue() throws {
    let a = try convert("a.h5", "-T", "3")
    let b = try convert("b.h5", "-T", "3", "--compression", "6")
    #expect(try ProgramRun("verify", a, b).status == 0)
    let c = try convert("c.h5", "-T", "4")
    let shapes = try ProgramRun("verify", a, c)
    #expect(shapes.status == 1)
    #expect(shapes.errors.contains("sample 0/0: its shape is [3, 2, 12, 16] and [4, 2, 12, 16]"))
    let d = try convert("d.h5", "-T", "3", "--split-by", "time")
    let values = try ProgramRun("verify", a, d)
    #expect(values.status == 1 && values.errors.contains("counts differ; the first, at ["))
    let e = try convert("e.h5", "-T", "3", "--limit", "5")
    let missing = try ProgramRun("verify", a, e)
    #expect(missing.status == 1 && missing.errors.contains("is not in \(e)"))
  }

  @Test(.enabled(if: Python.hasH5py && Python.hasNumPy))
  func aCacheIsComparedWithAFolderOfFrames() throws {
    let cache = try convert("a.h5", "-T", "3")
    let root = folder.file("tree")
    let write = """
      import h5py, numpy, os, sys
      f = h5py.File(sys.argv[1], "r")
      for name, frames in zip(f["names"].asstr(), f["frames"]):
          path = f"{sys.argv[2]}/frames_number_3_split_by_number/{name}.npz"
          os.makedirs(os.path.dirname(path), exist_ok=True)
          frames = frames.astype("float64")
          if name == sys.argv[3]: frames[1, 0, 2, 3] += 1
          numpy.savez_compressed(path, frames=frames)
      """
    _ = try Python.run(write, cache, root, "")
    #expect(try ProgramRun("verify", cache, root).status == 0)
    #expect(try ProgramRun("verify", root).status == 0)
    _ = try Python.run(write, cache, root, "1/4")
    let run = try ProgramRun("verify", root, cache)
    #expect(run.status == 1)
    #expect(run.errors.contains("sample 1/4: 1 counts differ; the first, at [1, 0, 2, 3], is"))
    let file = root + "/frames_number_3_split_by_number/2/8.npz"
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    let damaged = try ProgramRun("verify", root)
    #expect(damaged.status == 65 && damaged.errors.contains("sample 2/8"))
  }

  @Test(arguments: [["-T", "3"], ["--duration", "900"]])
  func mergedPartsAreWhatOneConversionMakes(_ slicing: [String]) throws {
    let whole = folder.file("whole.h5")
    let options = slicing + ["--split", "sj-0.9", "--split", "kfold:3"]
    #expect(try ProgramRun(["convert"] + input + ["-o", whole] + options).status == 0)
    var parts: [String] = []
    // More parts than recordings: the last one is empty.
    for number in [3, 1, 10, 2, 4, 5, 6, 7, 8, 9] {
      parts.append(folder.file("part\(number).h5"))
      let run = try ProgramRun(
        ["convert"] + input + ["-o", parts[parts.count - 1], "--shard", "\(number)/10"] + options
      )
      #expect(run.status == 0, "\(run.errors)")
    }
    let merged = folder.file("merged.h5")
    let run = try ProgramRun(["merge"] + parts + ["-o", merged])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("9 samples of 10 parts"))
    let (a, b) = (try FrameCache.open(whole), try FrameCache.open(merged))
    #expect(a.names == b.names && a.labels == b.labels && a.splits == b.splits)
    #expect(a.type == b.type && a.recipe == b.recipe && a.classNames == b.classNames)
    #expect(a.description.sourceFingerprint == b.description.sourceFingerprint)
    #expect(try ProgramRun("verify", whole, merged).status == 0)
    #expect(try ProgramRun("verify", merged).status == 0)
    for index in 0..<9 { #expect(try a.slices(at: index) == b.slices(at: index)) }
  }

  @Test(.enabled(if: Python.hasH5py))
  func mergedDatasetsAreEqualByteForByte() throws {
    let whole = try convert("whole.h5", "-T", "3")
    let parts = try (1...2).map { try convert("part\($0).h5", "-T", "3", "--shard", "\($0)/2") }
    let merged = folder.file("merged.h5")
    #expect(try ProgramRun(["merge"] + parts + ["-o", merged]).status == 0)
    let output = try Python.run(
      """
      import h5py, sys
      def content(path):
          f, found = h5py.File(path, "r"), {}
          def visit(name, item):
              if isinstance(item, h5py.Dataset): found[name] = (str(item.dtype), item[...].tobytes())
          f.visititems(visit)
          d = f["frames"].id
          chunks = [d.read_direct_chunk(d.get_chunk_info(i).chunk_offset)
                    for i in range(d.get_num_chunks())]
          names = sorted(f.attrs)
          return found, sorted(chunks), [(n, f.attrs[n]) for n in names
                                         if n not in ("command", "tables_checksum", "file_checksum")]
      print(content(sys.argv[1]) == content(sys.argv[2]))
      """,
      whole,
      merged
    )
    #expect(output == "True\n")
  }

  @Test func partsThatDoNotBelongTogetherAreNamed() throws {
    let one = try convert("1.h5", "-T", "3", "--shard", "1/3")
    let two = try convert("2.h5", "-T", "3", "--shard", "2/3")
    let again = try convert("again.h5", "-T", "3", "--shard", "2/3")
    let other = try convert("other.h5", "-T", "4", "--shard", "3/3")
    let whole = try convert("whole.h5", "-T", "3")
    let cases: [([String], Int32, String)] = [
      ([one, two], 64, "3/3 of the parts are missing"),
      ([one, two, again], 64, "\(again): is part 2/3, as \(two) is"),
      (
        [one, two, other], 64, "\(other): does not belong to \(one): frames_number is 4, expected 3"
      ),
      ([one, whole], 64, "\(whole): is not a part that convert --shard made"),
      ([one, folder.file("absent.h5")], 66, "absent.h5"),
    ]
    for (parts, status, message) in cases {
      let output = folder.file("merged.h5")
      let run = try ProgramRun(["merge"] + parts + ["-o", output])
      #expect(run.status == status && run.errors.contains(message), "\(run.status) \(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: output))
      #expect(!FileManager.default.fileExists(atPath: output + ".journal"))
    }
  }

  @Test func damagedPartsAreRefused() throws {
    let parts = try (1...2).map { try convert("part\($0).h5", "-T", "3", "--shard", "\($0)/2") }
    let sound = Array(try Data(contentsOf: URL(fileURLWithPath: parts[1])))
    let output = folder.file("merged.h5")
    var generator = SplitMix64(seed: 4)
    var damages = [Array(sound.dropLast(100)), Array(sound.prefix(sound.count / 2)), []]
    damages += (0..<40).map { _ in
      var copy = sound
      copy[.random(in: 0..<sound.count, using: &generator)] ^=
        1 << UInt8.random(in: 0..<8, using: &generator)
      return copy
    }
    var refused = 0
    for damaged in damages {
      try Data(damaged).write(to: URL(fileURLWithPath: parts[1]))
      // A bit that means nothing may flip unnoticed.
      let isSound = try ProgramRun("verify", parts[1]).status == 0
      let run = try ProgramRun(["merge"] + parts + ["-o", output, "--overwrite"])
      #expect(run.status == 65 || isSound && run.status == 0, "\(run.status) \(run.errors)")
      if run.status == 0 { continue }
      refused += 1
      let isNamed = parts.contains(where: { run.errors.contains($0) })
      #expect(isNamed && run.output.isEmpty, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: output + ".partial"))
      #expect(!FileManager.default.fileExists(atPath: output + ".journal"))
    }
    #expect(refused > 10)
  }

  @Test func splitsHaveBothPartsEvenIfOneIsEmpty() throws {
    let cache = try FrameCache.open(convert("a.h5", "-T", "3"))
    #expect(cache.splits["sj-0.9"]?["test"] == [] && cache.splits["sj-0.9"]?["train"]?.count == 9)
  }

  @Test func aPipeIsRefusedAndNotWaitedFor() throws {
    let pipe = folder.file("pipe.aedat")
    try #require(mkfifo(pipe, 0o600) == 0)
    for arguments in [["inspect", pipe], ["convert", pipe, "-o", folder.file("a.h5")]] {
      let start = ContinuousClock.now
      let run = try ProgramRun(arguments)
      #expect(run.status == 74, "\(run.errors)")
      #expect(run.errors.contains("error: \(pipe): is a pipe, a socket or a device"))
      #expect(ContinuousClock.now - start < .seconds(5))
    }
  }
}
