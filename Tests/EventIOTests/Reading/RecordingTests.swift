import EventIO
import Foundation
import Testing
import _TestSupport

@Suite("Recording")
struct RecordingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func missingFileIsMissing() {
    let path = folder.file("none.aedat")
    #expect(failure(path)?.kind == .missing)
    #expect(failure(path)?.path == path)
    #expect(failure(path)?.description.hasPrefix("\(path): cannot open: ") == true)
  }

  @Test func aFolderIsNoRecording() {
    #expect(failure(folder.path)?.kind == .missing)
    #expect(failure(folder.path)?.reason.contains("is a folder") == true)
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func forbiddenFileIsAnInputError() throws {
    let path = try folder.write([1, 2, 3], to: "secret.aedat")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    #expect(failure(path)?.kind == .inputOutput)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mem"), "needs /proc"))
  func unreadableFileIsAnInputError() {
    #expect(failure("/proc/self/mem")?.kind == .inputOutput)
  }

  @Test(arguments: ["aedat", "bin", "npz", "raw", ""])
  func emptyFileIsDamaged(_ ending: String) throws {
    let path = try folder.write([], to: "empty.\(ending)")
    let error = failure(path)
    #expect(error?.kind == .corrupt)
    #expect(error?.reason.contains("empty") == true)
    for format in RecordingFormats.all {
      #expect(failure(path, ReadOptions(format: format.name))?.kind == .corrupt)
    }
  }

  @Test(arguments: ["aedat", "bin", "npz", "raw"], [8, 100, 1_000, 5_000])
  func randomBytesAreRefused(_ ending: String, _ count: Int) throws {
    var random = SplitMix64(seed: 99)
    for _ in 0..<50 {
      // Forty bytes and more: eight records, so that their times can tell.
      let bytes = random.bytes(count + 32)
      let error = failure(try folder.write(bytes, to: "random.\(ending)"))
      let kinds: [RecordingError.Kind] = [.unknownFormat, .outOfRange, .corrupt]
      #expect(kinds.contains(try #require(error).kind))
    }
  }

  @Test func unknownContentIsDescribed() throws {
    let path = try folder.write(Array("#!AER-DAT4.0\r\n".utf8), to: "x.aedat4")
    #expect(failure(path)?.kind == .unknownFormat)
    #expect(failure(path)?.reason.contains("'#!AER-DAT4.0'") == true)
  }

  @Test(arguments: [0, 0x20, 0x61] as [UInt8], ["raw", "aedat", "npz"])
  func constantBytesAreNoRecording(_ byte: UInt8, _ ending: String) throws {
    for count in [4_000, 4_003] {
      let path = try folder.write([UInt8](repeating: byte, count: count), to: "x.\(ending)")
      #expect(failure(path)?.kind == .unknownFormat)
    }
  }

  @Test func endingDoesNotMatterWhereContentTells() throws {
    let sample = try #require(SampleRecording.all.first { $0.name == "aedat3" })
    let path = try folder.write(sample.bytes(), to: "x.bin")
    #expect(try read(path).events.count == sample.events)
  }

  @Test func namedFormatTurnsDetectionOff() throws {
    let record: [UInt8] = [0, 0, 0x12, 0x34, 0, 0, 0, 9]
    let path = try folder.write(record, to: "x.raw")
    #expect(failure(path)?.kind == .unknownFormat)
    let events = try read(path, ReadOptions(format: "AEDAT2")).events
    #expect(events == EventBuffer(t: [9], x: [127 - 0x1A], y: [0x12], p: [.on]))
  }

  @Test func unknownFormatNameIsAUsageError() throws {
    let path = try folder.write([0, 0, 0, 0, 0], to: "x.bin")
    let error = failure(path, ReadOptions(format: "atiss"))
    #expect(error?.kind == .usage)
    #expect(error?.reason.contains("aedat3, aedat2, npz, atis") == true)
  }
}
