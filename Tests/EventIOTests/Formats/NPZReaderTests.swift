import EventIO
import Foundation
import Testing
import _TestSupport

@Suite("NPZ events")
struct NPZReaderTests {
  private static func read(
    t: NPYArray,
    x: NPYArray,
    y: NPYArray,
    p: NPYArray,
    chunkBytes: Int = 64
  ) throws -> EventBuffer {
    let bytes = NPZWriter.archive(of: [("t", t), ("x", x), ("y", y), ("p", p)])
    var reader = try Recording.open(
      bytes: bytes,
      name: "e.npz",
      options: ReadOptions(chunkBytes: chunkBytes)
    )
    return try reader.readAll()
  }

  private static func column(_ values: [Int64]) -> NPYArray {
    NPYArray(values, shape: [values.count])
  }

  @Test func columnsOfDifferentLengthsAreRefused() {
    let short = Self.column([1, 2])
    let long = Self.column([1, 2, 3])
    let error = #expect(throws: RecordingError.self) {
      _ = try Self.read(t: long, x: long, y: short, p: long)
    }
    #expect(error?.kind == .corrupt)
    #expect(error?.reason.contains("t 3, x 3, y 2, p 3") == true)
  }

  @Test(arguments: [-1, 65536, 1 << 40] as [Int64])
  func addressesThatAreNoneNameTheEvent(_ address: Int64) {
    let fine = Self.column([Int64](repeating: 1, count: 10))
    let bad = Self.column([1, 1, 1, 1, 1, 1, address, 1, 1, 1])
    let error = #expect(throws: RecordingError.self) {
      _ = try Self.read(t: fine, x: fine, y: bad, p: fine)
    }
    #expect(error?.kind == .outOfRange)
    #expect(error?.eventIndex == 6)
    #expect(error?.reason.hasPrefix("y = \(address) ") == true)
  }

  @Test func fractionsOfMicrosecondsNameTheEvent() {
    let fine = Self.column([1, 1, 1, 1, 1, 1])
    let bad = NPYArray([0, 1, 2, 3, 4, 5.5] as [Float], shape: [6])
    let error = #expect(throws: RecordingError.self) {
      _ = try Self.read(t: bad, x: fine, y: fine, p: fine)
    }
    #expect(error?.kind == .outOfRange)
    #expect(error?.eventIndex == 5)
  }

  @Test func negativeTimesAreKept() throws {
    let fine = Self.column([1, 1])
    let events = try Self.read(t: Self.column([-5, 7]), x: fine, y: fine, p: fine)
    #expect(events.t == [-5, 7])
  }

  @Test func missingColumnIsNamed() {
    let bytes = NPZWriter.archive(of: [("t", Self.column([1])), ("x", Self.column([1]))])
    let error = #expect(throws: RecordingError.self) {
      _ = try Recording.open(bytes: bytes, name: "e.npz")
    }
    #expect(error?.description == "e.npz: the archive has no array named 'y'; it has t, x")
  }

  @Test func archiveOfFramesIsNoRecordingOfEvents() {
    let bytes = NPZWriter.archive(of: [("frames", NPYArray([UInt8(1)], shape: [1, 1, 1, 1]))])
    #expect(throws: RecordingError.self) { _ = try Recording.open(bytes: bytes, name: "f.npz") }
  }
}

/// NumPy reads what is written here, and the other way round.
@Suite("NumPy", .enabled(if: Python.hasNumPy, "python3 with numpy is absent; skipped"))
struct NumPyInteropTests {
  private static let events = EventBuffer(
    t: [3, 5, 1 << 40],
    x: [0, 127, 9],
    y: [1, 2, 127],
    p: [.on, .off, .on]
  )

  @Test(arguments: [NPZWriter.Compression.stored, .deflated()])
  func numpyReadsWrittenEvents(_ compression: NPZWriter.Compression) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("events.npz")
    try NPZWriter.write(Self.events, to: path, compression: compression)
    let output = try Python.run(
      """
      import numpy, sys
      a = numpy.load(sys.argv[1], allow_pickle=False)
      print(a.files, *(a[k].dtype.str + str(a[k].tolist()) for k in 'txyp'))
      """,
      path
    )
    #expect(
      output
        == "['t', 'x', 'y', 'p'] <i8[3, 5, \(1 << 40)] <i8[0, 127, 9] <i8[1, 2, 127] <i8[1, 0, 1]\n"
    )
  }

  @Test func numpyReadsWrittenFrames() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("frames.npz")
    let writer = try NPZWriter(path: path)
    try writer.add("frames", NPYArray((0..<24).map { UInt8($0) }, shape: [2, 2, 3, 2]))
    try writer.add("one", NPYArray([Float(0.5)], shape: []))
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.finish()
    let output = try Python.run(
      """
      import numpy, sys
      a = numpy.load(sys.argv[1], allow_pickle=False)
      print(a['frames'].shape, a['frames'].dtype, a['frames'][1, 0, 2, 1], a['one'].shape, a['one'])
      """,
      path
    )
    #expect(output == "(2, 2, 3, 2) uint8 17 () 0.5\n")
  }

  @Test(arguments: ["savez", "savez_compressed"])
  func numpyArchivesAreRead(_ function: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("events.npz")
    _ = try Python.run(
      """
      import numpy, sys
      numpy.\(function)(sys.argv[1], p=numpy.array([True, False]), y=numpy.array([5, 6], '>i2'),
        x=numpy.asfortranarray([7, 8]), t=numpy.array([1e6, 2e6]))
      """,
      path
    )
    let events = try read(path).events
    #expect(
      events == EventBuffer(t: [1_000_000, 2_000_000], x: [7, 8], y: [5, 6], p: [.on, .off])
    )
  }
}
