import HDF5
import Testing
import _TestSupport

@Suite struct HDF5DatasetTests {
  @Test func everyScalarTypeSurvivesTheRoundTrip() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(folder.file("scalars.h5"))
    try roundTrip([Int8.min, -1, 0, .max], in: file)
    try roundTrip([UInt8.min, 1, 200, .max], in: file)
    try roundTrip([Int16.min, -1, 0, .max], in: file)
    try roundTrip([UInt16.min, 1, 40000, .max], in: file)
    try roundTrip([Int32.min, -1, 0, .max], in: file)
    try roundTrip([UInt32.min, 1, 3_000_000_000, .max], in: file)
    try roundTrip([Int64.min, -1, 0, .max], in: file)
    try roundTrip([UInt64.min, 1, 1 << 63, .max], in: file)
    try roundTrip([-Float.infinity, 0.1, 1e30, .leastNonzeroMagnitude], in: file)
    try roundTrip([-Double.infinity, 0.1, 1e300, .leastNonzeroMagnitude], in: file)
  }

  private func roundTrip<Scalar: HDF5Scalar & Equatable>(
    _ values: [Scalar],
    in file: HDF5File
  ) throws {
    let path = "group/\(Scalar.scalarType)"
    let layout = HDF5Layout(type: .scalar(Scalar.scalarType), shape: [2, 2])
    try file.createDataset(path, layout: layout).write(values, start: [0, 0], count: [2, 2])
    let dataset = try file.dataset(path)
    #expect(try dataset.readAll(Scalar.self) == values)
    #expect(try dataset.layout() == layout)
  }

  @Test func hyperslabsAreReadAndWrittenWhereTheyBelong() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(folder.file("slab.h5"))
    let layout = HDF5Layout(
      type: .scalar(.int32),
      shape: [4, 6],
      chunk: [2, 3],
      filters: [.shuffle, .deflate(level: 4)]
    )
    let dataset = try file.createDataset("a", layout: layout)
    try dataset.write((0..<24).map { Int32($0) }, start: [0, 0], count: [4, 6])
    try dataset.write([-1, -2, -3, -4] as [Int32], start: [1, 2], count: [2, 2])
    #expect(
      try dataset.read(Int32.self, start: [1, 1], count: [2, 4]) == [
        7, -1, -2, 10, 13, -3, -4, 16,
      ]
    )
    #expect(try dataset.layout() == layout)
    // Reading as another type converts.
    #expect(try dataset.read(Int64.self, start: [3, 5], count: [1, 1]) == [23])
    #expect(try dataset.read(Float.self, start: [0, 0], count: [1, 2]) == [0, 1])
  }

  @Test func partsOutsideTheShapeAreErrors() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("outside.h5")
    let file = try HDF5File.create(path)
    let dataset = try file.createDataset(
      "a",
      layout: HDF5Layout(type: .scalar(.uint8), shape: [4])
    )
    try dataset.write([1, 2, 3, 4] as [UInt8], start: [0], count: [4])
    for (start, count) in [([3], [2]), ([5], [1]), ([-1], [1]), ([0, 0], [1, 1])] {
      let error = #expect(throws: HDF5Error.self) {
        try dataset.read(UInt8.self, start: start, count: count)
      }
      #expect(error?.kind == .mismatch)
      #expect(error?.file == path)
      #expect(error?.object == "a")
    }
  }

  @Test func growableDatasetsGrowAndShrink() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(folder.file("grow.h5"))
    let layout = HDF5Layout(
      type: .scalar(.int16),
      shape: [0, 2],
      chunk: [1, 2],
      isGrowable: true
    )
    let dataset = try file.createDataset("a", layout: layout)
    try dataset.resize(firstExtent: 3)
    try dataset.write([7, 8] as [Int16], start: [2, 0], count: [1, 2])
    #expect(try dataset.shape() == [3, 2])
    #expect(try dataset.readAll(Int16.self) == [0, 0, 0, 0, 7, 8])
    try dataset.resize(firstExtent: 1)
    #expect(try dataset.layout().isGrowable)
    #expect(try dataset.readAll(Int16.self) == [0, 0])
  }

  @Test func claimedExtentsWithoutBytesAreNotAllocated() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(folder.file("huge.h5"))
    let layout = HDF5Layout(
      type: .scalar(.int64),
      shape: [1 << 40],
      chunk: [1024],
      isGrowable: true
    )
    let dataset = try file.createDataset("a", layout: layout)
    let error = #expect(throws: HDF5Error.self) { try dataset.readAll(Int64.self) }
    #expect(error?.kind == .implausible)
  }

  @Test func directChunksEqualWhatTheLibraryItselfReadsAndWrites() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(folder.file("chunks.h5"))
    let plain = HDF5Layout(type: .scalar(.int16), shape: [4, 2], chunk: [2, 2])
    let dataset = try file.createDataset("a", layout: plain)
    try dataset.writeChunk([1, 0, 2, 0, 3, 0, 0, 1], at: [2, 0])
    #expect(try dataset.readAll(Int16.self) == [0, 0, 0, 0, 1, 2, 3, 256])

    var bytes: [UInt8] = []
    #expect(try dataset.readChunk(into: &bytes, at: [2, 0]) == 0)
    #expect(bytes == [1, 0, 2, 0, 3, 0, 0, 1])
    #expect(try dataset.readChunk(into: &bytes, at: [0, 0]) == nil)
    #expect(bytes.isEmpty)
    #expect(throws: HDF5Error.self) { try dataset.readChunk(into: &bytes, at: [4, 0]) }
  }

  @Test func stringsOfBothKindsAreRead() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(folder.file("strings.h5"))
    let names = ["train/0/user01_led_0", "", "größe 漢字", "x"]
    try file.createStrings("names", names)
    try file.createStrings("none", [])
    #expect(try file.dataset("names").readStrings() == names)
    #expect(try file.dataset("none").readStrings() == [])
    #expect(try file.dataset("names").layout().type == .fixedString(byteCount: 20))
    let numbers = try file.createDataset("n", layout: HDF5Layout(type: .scalar(.int8), shape: [1]))
    #expect(throws: HDF5Error.self) { try numbers.readStrings() }
  }
}
