import Foundation
import HDF5
import Testing
import _TestSupport

@Suite struct HDF5FileTests {
  @Test func attributesSurviveClosingAndReopening() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("attributes.h5")
    do {
      let file = try HDF5File.create(path)
      try file.setAttribute("format", to: "first")
      try file.setAttribute("format", to: "größe")
      try file.setAttribute("empty", to: "")
      try file.setAttribute("version", to: Int64(-7))
      try file.createGroup("splits/official").setAttribute("n", to: UInt8(3))
      try file.flush()
    }
    let file = try HDF5File.open(path)
    #expect(try file.stringAttribute("format") == "größe")
    #expect(try file.stringAttribute("empty") == "")
    #expect(try file.integerAttribute("version") == -7)
    #expect(try file.group("splits/official").integerAttribute("n") == 3)
    #expect(file.hasAttribute("format") && !file.hasAttribute("other"))
    for wrong in ["other", "version"] {
      #expect(throws: HDF5Error.self) { try file.stringAttribute(wrong) }
    }
    #expect(throws: HDF5Error.self) { try file.integerAttribute("format") }
  }

  @Test func groupsListTheirMembersInOrder() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(folder.file("groups.h5"))
    for name in ["b", "a", "c/d"] { try file.createGroup("splits/\(name)") }
    #expect(try file.members(of: "splits") == ["a", "b", "c"])
    #expect(file.contains("splits/c/d") && !file.contains("splits/x/d"))
    try file.rename("splits/a", to: "z")
    try file.remove("splits/b")
    #expect(try file.members(of: "splits") == ["c"])
    #expect(try file.members(of: "/") == ["splits", "z"])
  }

  @Test func filesThatAreNotHDF5AreErrorsWithAPath() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write(Array("not an HDF5 file".utf8), to: "text.h5")
    let empty = try folder.write([], to: "empty.h5")
    for path in [text, empty, folder.path, folder.file("absent.h5")] {
      let error = #expect(throws: HDF5Error.self) { try HDF5File.open(path) }
      #expect(error?.kind == .open)
      #expect(error?.file == path)
      #expect(error?.reason.isEmpty == false)
    }
    let error = #expect(throws: HDF5Error.self) {
      try HDF5File.create(folder.file("no/such/folder.h5"))
    }
    #expect(error?.kind == .create)
  }

  @Test func truncatedFilesAreErrorsAtEveryLength() throws {
    let folder = try TemporaryFolder()
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: sampleFile(in: folder))))
    for length in stride(from: 0, to: bytes.count, by: 61) {
      let path = try folder.write(Array(bytes[..<length]), to: "cut.h5")
      #expect(throws: HDF5Error.self) { try readEverything(path) }
    }
  }

  @Test func flippedBytesAreReadOrReported() throws {
    let folder = try TemporaryFolder()
    let original = try [UInt8](Data(contentsOf: URL(fileURLWithPath: sampleFile(in: folder))))
    var failures = 0
    for position in stride(from: 0, to: original.count, by: 7) {
      var bytes = original
      bytes[position] ^= UInt8(truncatingIfNeeded: 1 &<< (position % 8)) | 0x80
      let path = try folder.write(bytes, to: "flipped.h5")
      do { try readEverything(path) } catch is HDF5Error { failures += 1 }
    }
    #expect(failures > 0)
  }

  private func sampleFile(in folder: TemporaryFolder) throws -> String {
    let path = folder.file("sample.h5")
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
    return path
  }

  private func readEverything(_ path: String) throws {
    let file = try HDF5File.open(path)
    _ = try file.stringAttribute("format")
    _ = try file.members(of: "/")
    _ = try file.dataset("names").readStrings()
    let frames = try file.dataset("frames")
    _ = try frames.layout()
    _ = try frames.readAll(Int32.self)
    var bytes: [UInt8] = []
    for row in 0..<3 { _ = try frames.readChunk(into: &bytes, at: [row, 0]) }
  }
}
