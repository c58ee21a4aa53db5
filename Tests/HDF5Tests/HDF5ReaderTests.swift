import Foundation
import HDF5
import Testing
import _TestSupport

/// What the C library writes, read without it.
@Suite struct HDF5ReaderTests {
  @Test func everyIntegerTypeIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("integers.h5")
    let file = try HDF5File.create(path)
    func write<Scalar: HDF5Scalar>(_ values: [Scalar]) throws {
      let layout = HDF5Layout(type: .scalar(Scalar.scalarType), shape: [values.count])
      try file.createDataset("group/\(Scalar.scalarType)", layout: layout)
        .write(values, start: [0], count: [values.count])
    }
    try write([Int8.min, -1, .max])
    try write([UInt8.min, 200, .max])
    try write([Int16.min, -1, .max])
    try write([UInt16.min, 40000, .max])
    try write([Int32.min, -1, .max])
    try write([UInt32.min, 3_000_000_000, .max])
    try write([Int64.min, -1, .max])
    try write([UInt64.min, 1, .max])
    try write([0.5 as Float])
    try file.flush()
    let reader = try HDF5Reader(path)
    let expected: [HDF5ScalarType: [Int64]] = [
      .int8: [-128, -1, 127], .uint8: [0, 200, 255], .int16: [-32768, -1, 32767],
      .uint16: [0, 40000, 65535], .int32: [-2_147_483_648, -1, 2_147_483_647],
      .uint32: [0, 3_000_000_000, 4_294_967_295], .int64: [.min, -1, .max], .uint64: [0, 1, .max],
    ]
    for (type, values) in expected {
      #expect(try reader.dataset("group/\(type)").integers() == values)
      #expect(try reader.dataset("group/\(type)").layout.type == .scalar(type))
    }
    let error = #expect(throws: HDF5Error.self) { try reader.dataset("group/float32").integers() }
    #expect(error?.kind == .mismatch && error?.object == "group/float32")
  }

  @Test(
    arguments: [
      [], [.deflate(level: 0)], [.deflate(level: 6)], [.shuffle], [.shuffle, .deflate(level: 1)],
    ] as [[HDF5Filter]]
  )
  func rowsAreGatheredFromChunks(_ filters: [HDF5Filter]) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("chunks.h5")
    let file = try HDF5File.create(path)
    let values = (0..<5 * 7 * 4).map { Int32($0 * 1_000_003) }
    for (name, chunk) in [("odd", [2, 3, 4]), ("rows", [1, 7, 4]), ("all", [5, 7, 4])] {
      let layout = HDF5Layout(
        type: .scalar(.int32),
        shape: [5, 7, 4],
        chunk: chunk,
        filters: filters
      )
      try file.createDataset(name, layout: layout)
        .write(values, start: [0, 0, 0], count: [5, 7, 4])
    }
    try file.flush()
    for name in ["odd", "rows", "all"] {
      let dataset = try HDF5Reader(path).dataset(name)
      #expect(try dataset.integers() == values.map { Int64($0) })
      var scratch = HDF5DatasetReader.Scratch()
      for rows in [0..<1, 2..<3, 1..<4, 4..<5, 3..<3] {
        let expected = values[rows.lowerBound * 28..<rows.upperBound * 28].map { Int64($0) }
        #expect(try dataset.integers(rows, &scratch) == expected)
      }
    }
  }

  @Test func partsThatWereNeverWrittenAreZero() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("sparse.h5")
    let file = try HDF5File.create(path)
    let layout = HDF5Layout(type: .scalar(.int16), shape: [4, 2], chunk: [2, 2], isGrowable: true)
    let dataset = try file.createDataset("a", layout: layout)
    try dataset.writeChunk([1, 0, 2, 0, 3, 0, 0, 1], at: [2, 0])
    _ = try file.createDataset("b", layout: HDF5Layout(type: .scalar(.uint8), shape: [3]))
    try file.flush()
    let reader = try HDF5Reader(path)
    #expect(try reader.dataset("a").integers() == [0, 0, 0, 0, 1, 2, 3, 256])
    #expect(try reader.dataset("a").layout == layout)
    #expect(try reader.dataset("b").integers() == [0, 0, 0])
    let chunks = try reader.dataset("a")
    var bytes: [UInt8] = []
    #expect(try chunks.readChunk(into: &bytes, at: [2, 0]) == 0)
    #expect(bytes == [1, 0, 2, 0, 3, 0, 0, 1])
    #expect(try chunks.readChunk(into: &bytes, at: [0, 0]) == nil && bytes.isEmpty)
    #expect(try chunks.readChunk(into: &bytes, at: [4, 0]) == nil)
  }

  @Test func indicesOfManyLevelsAreRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("many.h5")
    let file = try HDF5File.create(path)
    let count = 5000
    let layout = HDF5Layout(type: .scalar(.uint16), shape: [count, 1], chunk: [1, 1])
    let dataset = try file.createDataset("many", layout: layout)
    for row in 0..<count {
      try dataset.writeChunk([UInt8(row & 255), UInt8(row >> 8)], at: [row, 0])
    }
    for index in 0..<300 { try file.createGroup("groups/\(index)") }
    for index in 0..<40 { try file.setAttribute("attribute \(index)", to: Int64(index)) }
    try file.flush()
    let reader = try HDF5Reader(path)
    #expect(try reader.dataset("many").integers() == (0..<count).map { Int64($0) })
    #expect(try reader.members(of: "groups") == (0..<300).map { "\($0)" }.sorted())
    #expect(try reader.members(of: "/") == ["groups", "many"])
    for index in 0..<40 {
      #expect(try reader.integerAttribute("attribute \(index)") == Int64(index))
    }
  }

  @Test func stringsAndAttributesAreRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("strings.h5")
    let file = try HDF5File.create(path)
    let names = ["train/0/user01_led_0", "", "größe 漢字", "x"]
    try file.createStrings("names", names)
    try file.createStrings("none", [])
    try file.setAttribute("format", to: "größe")
    try file.setAttribute("empty", to: "")
    try file.setAttribute("version", to: Int64(-7))
    try file.flush()
    let reader = try HDF5Reader(path)
    #expect(try reader.dataset("names").strings() == names)
    #expect(try reader.dataset("none").strings() == [])
    #expect(try reader.stringAttribute("format") == "größe")
    #expect(try reader.stringAttribute("empty") == "")
    #expect(try reader.integerAttribute("version") == -7)
    #expect(reader.hasAttribute("format") && !reader.hasAttribute("other"))
    #expect(try reader.contains("names") && !reader.contains("names2"))
    func kind(_ body: () throws -> Void) -> HDF5Error.Kind? {
      #expect(throws: HDF5Error.self, performing: body)?.kind
    }
    #expect(kind { _ = try reader.stringAttribute("other") } == .missing)
    #expect(kind { _ = try reader.stringAttribute("version") } == .mismatch)
    #expect(kind { _ = try reader.integerAttribute("format") } == .mismatch)
    #expect(kind { _ = try reader.dataset("other") } == .missing)
    #expect(kind { _ = try reader.contains("names/inside") } == .mismatch)
  }

  @Test func extentsWithoutBytesAreNotBelieved() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("huge.h5")
    let file = try HDF5File.create(path)
    let layout = HDF5Layout(
      type: .scalar(.int64),
      shape: [1 << 40],
      chunk: [1024],
      isGrowable: true
    )
    _ = try file.createDataset("a", layout: layout)
    try file.flush()
    let reader = try HDF5Reader(path)
    let error = #expect(throws: HDF5Error.self) { try reader.dataset("a").integers() }
    #expect(error?.kind == .implausible && error?.file == path && error?.object == "a")
  }

  @Test func filesThatAreNotHDF5AreErrorsWithAPath() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write(Array("not an HDF5 file".utf8), to: "text.h5")
    let empty = try folder.write([], to: "empty.h5")
    let kinds: [String: HDF5Error.Kind] = [
      text: .corrupt, empty: .corrupt, folder.path: .open, folder.file("absent.h5"): .open,
      "/dev/null": .open,
    ]
    for (path, kind) in kinds {
      let error = #expect(throws: HDF5Error.self) { try HDF5Reader(path) }
      #expect(error?.kind == kind && error?.file == path && error?.reason.isEmpty == false)
    }
  }

  @Test func anotherSuperblockIsRefusedWithTheRemedy() throws {
    let folder = try TemporaryFolder()
    var bytes = try sample(in: folder)
    bytes[8] = 3
    let path = try folder.write(bytes, to: "latest.h5")
    let error = #expect(throws: HDF5Error.self) { try HDF5Reader(path) }
    #expect(error?.kind == .unsupported && error?.reason.contains("h5repack") == true)
  }

  @Test func truncatedFilesAreErrorsAtEveryLength() throws {
    let folder = try TemporaryFolder()
    let bytes = try sample(in: folder)
    for length in bytes.indices {
      let path = try folder.write(Array(bytes[..<length]), to: "cut.h5")
      #expect(throws: HDF5Error.self) { try readEverything(path) }
    }
  }

  @Test func flippedBytesAreReadOrReported() throws {
    let folder = try TemporaryFolder()
    let original = try sample(in: folder)
    var failures = 0
    for position in original.indices {
      for bit in [0x01, 0x80, 0xFF] as [UInt8] {
        var bytes = original
        bytes[position] ^= bit
        let path = try folder.write(bytes, to: "flipped.h5")
        do { try readEverything(path) } catch is HDF5Error { failures += 1 }
      }
    }
    #expect(failures > 300)
  }

  /// A node of an index that names itself as its child, on every level that a byte can hold.
  @Test func indicesThatReferToThemselvesEnd() throws {
    let folder = try TemporaryFolder()
    let original = try sample(in: folder)
    let tree = Array("TREE".utf8)
    let places = original.indices.dropLast(64).filter { original[$0..<$0 + 4].elementsEqual(tree) }
    #expect(places.count == 2)
    for place in places {
      for level in [1, 2, 255] as [UInt8] {
        var bytes = original
        bytes[place + 5] = level
        for start in stride(from: place + 24, to: min(place + 500, bytes.count - 8), by: 8) {
          for offset in 0..<8 { bytes[start + offset] = UInt8(place >> (8 * offset) & 255) }
        }
        let path = try folder.write(bytes, to: "cycle.h5")
        #expect(throws: HDF5Error.self) { try readEverything(path) }
      }
    }
  }

  private func sample(in folder: TemporaryFolder) throws -> [UInt8] {
    let path = folder.file("sample.h5")
    do {
      let file = try HDF5File.create(path)
      try file.setAttribute("format", to: "sample")
      try file.createStrings("names", ["one", "two", "three"])
      let layout = HDF5Layout(
        type: .scalar(.int16),
        shape: [3, 8],
        chunk: [1, 8],
        isGrowable: true,
        filters: [.shuffle, .deflate(level: 1)]
      )
      let dataset = try file.createDataset("frames", layout: layout)
      try dataset.write((0..<24).map { Int16($0 * 5) }, start: [0, 0], count: [3, 8])
      try file.flush()
    }
    return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func readEverything(_ path: String) throws {
    let reader = try HDF5Reader(path)
    _ = try reader.stringAttribute("format")
    _ = try reader.members(of: "/")
    _ = try reader.dataset("names").strings()
    _ = try reader.dataset("frames").integers()
  }
}
