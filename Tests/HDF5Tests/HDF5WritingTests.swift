import HDF5
import Testing
import _TestSupport

/// What is written through the C library, read back without it.
@Suite struct HDF5WritingTests {
  private let folder: TemporaryFolder
  private let path: String
  private let file: HDF5File

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.h5")
    file = try HDF5File.create(path)
  }

  private func reread() throws -> HDF5Reader {
    try file.flush()
    return try HDF5Reader(path)
  }

  @Test func attributesAreReplaced() throws {
    try file.setAttribute("format", to: "first")
    try file.setAttribute("format", to: "größe")
    try file.setAttribute("empty", to: "")
    try file.setAttribute("version", to: Int64(-7))
    let reader = try reread()
    #expect(try reader.stringAttribute("format") == "größe")
    #expect(try reader.stringAttribute("empty") == "")
    #expect(try reader.integerAttribute("version") == -7)
    #expect(!reader.hasAttribute("other"))
  }

  @Test func groupsAreMadeWithThoseAboveThem() throws {
    for name in ["b", "a", "c/d", "c"] { try file.createGroup("splits/\(name)") }
    let reader = try reread()
    #expect(try reader.members(of: "splits") == ["a", "b", "c"])
    #expect(try reader.contains("splits/c/d"))
    #expect(try !reader.contains("splits/x/d"))
  }

  @Test func filesThatCannotBeMadeAreErrorsWithAPath() throws {
    let path = folder.file("no/such/folder.h5")
    let error = #expect(throws: HDF5Error.self) { try HDF5File.create(path) }
    #expect(error?.kind == .create && error?.file == path)
    let text = try folder.write(Array("not an HDF5 file".utf8), to: "text.h5")
    for path in [text, folder.path, folder.file("absent.h5")] {
      let error = #expect(throws: HDF5Error.self) { try HDF5File.openForWriting(path) }
      #expect(error?.kind == .open && error?.file == path && error?.reason.isEmpty == false)
    }
  }

  @Test(
    arguments: [
      ([4, 6], []), ([2, 3], [.shuffle, .deflate(level: 4)]),
    ] as [([Int], [HDF5Filter])]
  )
  func rectanglesAreWrittenWhereTheyBelong(_ chunk: [Int], _ filters: [HDF5Filter]) throws {
    let layout = HDF5Layout(
      type: .scalar(.int32),
      shape: [4, 6],
      chunk: chunk,
      filters: filters
    )
    let dataset = try file.createDataset("a", layout: layout)
    try dataset.write((0..<24).map { Int32($0) }, start: [0, 0], count: [4, 6])
    try dataset.write([-1, -2, -3, -4] as [Int32], start: [1, 2], count: [2, 2])
    var expected = Array(Int64(0)..<24)
    (expected[8], expected[9], expected[14], expected[15]) = (-1, -2, -3, -4)
    let stored = try reread().dataset("a")
    #expect(try stored.integers() == expected)
    #expect(stored.layout == layout)
  }

  @Test func partsOutsideTheShapeAreErrors() throws {
    let layout = HDF5Layout(type: .scalar(.uint8), shape: [4])
    let dataset = try file.createDataset("a", layout: layout)
    for (start, count) in [([3], [2]), ([5], [1]), ([-1], [1])] {
      let error = #expect(throws: HDF5Error.self) {
        try dataset.write([UInt8](repeating: 1, count: count[0]), start: start, count: count)
      }
      #expect(error?.kind == .mismatch && error?.file == path && error?.object == "a")
    }
  }

  @Test func growableDatasetsGrowAndShrink() throws {
    let layout = HDF5Layout(type: .scalar(.int16), shape: [0, 2], chunk: [1, 2], isGrowable: true)
    let dataset = try file.createDataset("a", layout: layout)
    try dataset.resize(firstExtent: 3)
    try dataset.write([7, 8] as [Int16], start: [2, 0], count: [1, 2])
    #expect(try reread().dataset("a").integers() == [0, 0, 0, 0, 7, 8])
    try dataset.resize(firstExtent: 1)
    let stored = try reread().dataset("a")
    #expect(stored.layout.isGrowable)
    #expect(try stored.integers() == [0, 0])
  }

  @Test func chunksAreWrittenAsTheyAre() throws {
    let layout = HDF5Layout(type: .scalar(.int16), shape: [4, 2], chunk: [2, 2])
    let dataset = try file.createDataset("a", layout: layout)
    try dataset.writeChunk([9, 1, 0, 2, 0, 3, 0, 0, 1], 1..<9, at: [2, 0])
    let stored = try reread().dataset("a")
    #expect(try stored.integers() == [0, 0, 0, 0, 1, 2, 3, 256])
    var bytes: [UInt8] = []
    #expect(try stored.readChunk(into: &bytes, at: [2, 0]) == 0)
    #expect(bytes == [1, 0, 2, 0, 3, 0, 0, 1])
    #expect(try stored.readChunk(into: &bytes, at: [0, 0]) == nil && bytes.isEmpty)
  }

  @Test func stringsArePaddedToTheLongest() throws {
    let names = ["train/0/user01_led_0", "", "größe 漢字", "x"]
    try file.createStrings("names", names)
    try file.createStrings("none", [])
    let reader = try reread()
    #expect(try reader.dataset("names").strings() == names)
    #expect(try reader.dataset("none").strings() == [])
    #expect(try reader.dataset("names").layout.type == .fixedString(byteCount: 20))
  }
}
