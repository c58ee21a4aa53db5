import Foundation
import SpikeNet
import Testing
import _TestSupport

struct SafetensorsTests {
  /// A file from its parts; the length is the header's unless another is claimed.
  private func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) }
      + Array(header.utf8) + data
  }

  private func array(_ dtype: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
    #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
  }

  private func error(_ bytes: [UInt8]) -> SpikeNetError? {
    #expect(throws: SpikeNetError.self) { try Safetensors(bytes) }
  }

  @Test(
    arguments: [
      ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF], -1.5),
      ("F32", [0, 0, 0xC0, 0xBF], -1.5),
      ("F16", [0x00, 0xBE], -1.5),
      ("F16", [0x01, 0x00], 0x1p-24),
      ("F16", [0xFF, 0x7B], 65504),
      ("F16", [0x00, 0xFC], -.infinity),
      ("BF16", [0xC0, 0xBF], -1.5),
      ("I64", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], -2),
      ("I32", [0xFE, 0xFF, 0xFF, 0xFF], -2),
      ("I16", [0xFE, 0xFF], -2),
      ("I8", [0xFE], -2),
      ("U8", [0xFE], 254),
      ("BOOL", [1], 1),
    ] as [(String, [UInt8], Float)]
  )
  func everyTypeBecomesFloat(_ dtype: String, _ bytes: [UInt8], _ expected: Float) throws {
    let header = #"{"a":\#(array(dtype, "[1]", 0, bytes.count))}"#
    let read = try Safetensors(file(header, data: bytes))
    #expect(try read.tensor("a") == Tensor([1], [expected]))
    #expect(try Array(read.bytes("a")) == bytes)
    if read["a"]?.scalarType.isFloatingPoint == false {
      #expect(try read.integers("a") == [Int64(expected)])
    } else {
      #expect(throws: SpikeNetError.self) { try read.integers("a") }
    }
  }

  @Test func writtenFileIsReadBack() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    let matrix = Tensor([2, 3], [1, -2, 3.5, .infinity, 0, -0.0])
    try Safetensors.write(
      [
        ("w \"ö\"/", .tensor(matrix)), ("empty", .tensor(.zeros([0, 4]))),
        ("scalar", .tensor(Tensor([], [7]))), ("n", .integers([2], [.min, .max])),
      ],
      metadata: ["format": "pt", "text": "a\n\"b\""],
      to: path
    )
    let read = try Safetensors.read(path)
    #expect(read.metadata == ["format": "pt", "text": "a\n\"b\""])
    #expect(Set(read.names) == ["w \"ö\"/", "empty", "scalar", "n"])
    #expect(try read.tensor("w \"ö\"/") == matrix)
    #expect(try read.tensor("w \"ö\"/").scalars[5].sign == .minus)
    #expect(read["empty"]?.shape == [0, 4])
    #expect(try read.tensor("scalar").scalar == 7)
    #expect(try read.integers("n") == [.min, .max])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
  }

  @Test func dataIsAlignedToEightBytes() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    try Safetensors.write(
      [("a", .tensor(.ones([3]))), ("n", .integers([1], [5]))],
      to: path
    )
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    #expect((8 + Int(bytes[0])) % 8 == 0)
    #expect(bytes.suffix(20).prefix(8) == [5, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = file(
      #"{"a":\#(array("F32", "[2]", 0, 8)),"b":\#(array("U8", "[3]", 8, 11))}"#,
      data: Array(0..<11)
    )
    _ = try Safetensors(bytes)
    for count in 0..<bytes.count { _ = error(Array(bytes.prefix(count))) }
    _ = error(bytes + [0])
  }

  @Test func everyChangedByteIsReadOrRefused() throws {
    let bytes = file(
      #"{"a":\#(array("F32", "[2]", 0, 8)),"__metadata__":{"k":"v"}}"#,
      data: Array(0..<8)
    )
    for position in bytes.indices {
      for value in [0, 0x2D, 0x39, 0x7F, 0xFF] as [UInt8] {
        var changed = bytes
        changed[position] = value
        let read = try? Safetensors(changed)
        for name in read?.names ?? [] { _ = try read?.tensor(name) }
      }
    }
  }

  @Test func lyingLengthsAreRefused() throws {
    for length in [UInt64.max, 1 << 63, 1 << 40, 100] {
      #expect(error(file("{}", length: length))?.byteOffset == 0)
    }
    #expect(error(file("{}", length: 0))?.byteOffset == 8)
    #expect(try Safetensors(file("{}")).names.isEmpty)
  }

  @Test(arguments: [
    (#"[4611686018427387904,4611686018427387904,0]"#, 0, 0),
    (#"[-1]"#, 0, 4), (#"[-2,-2]"#, 0, 16), (#"[3]"#, 0, 8), (#"[2]"#, 8, 0), (#"[2]"#, -8, 0),
    (#"[9223372036854775807]"#, 0, 8), (#"[2]"#, 4, 12), (#"[1]"#, 0, 4),
  ])
  func impossibleArraysAreRefused(_ shape: String, _ begin: Int, _ end: Int) {
    let bytes = file(#"{"a":\#(array("F32", shape, begin, end))}"#, data: Array(0..<8))
    #expect(error(bytes)?.kind == .corrupt)
  }

  @Test(arguments: [
    "[]", "{", "x", #"{"a":1}"#, #"{"a":{"dtype":"F32"}}"#, #"{"__metadata__":{"k":1}}"#,
    #"{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#,
  ])
  func strangeHeadersAreRefused(_ header: String) {
    #expect(error(file(header, data: Array(0..<8)))?.kind == .corrupt)
  }

  @Test func deeplyNestedHeadersAreRefused() {
    let header = String(repeating: #"{"a":"#, count: 50_000)
    #expect(error(file(header, data: Array(0..<8)))?.kind == .corrupt)
  }

  @Test func overlapsAndRepeatedNamesAreRefused() {
    let a = array("F32", "[2]", 0, 8)
    #expect(error(file(#"{"a":\#(a),"b":\#(a)}"#, data: Array(0..<8)))?.kind == .corrupt)
    let repeated = #"{"a":\#(a),"a":\#(array("F32", "[2]", 8, 16))}"#
    #expect(error(file(repeated, data: Array(0..<16)))?.kind == .corrupt)
  }

  @Test func unknownElementTypesAreNamed() {
    let bytes = file(#"{"a":\#(array("F8_E4M3", "[8]", 0, 8))}"#, data: Array(0..<8))
    #expect(error(bytes)?.kind == .unsupported)
    #expect(error(bytes)?.reason.contains("F8_E4M3") == true)
  }

  @Test func missingFilesAndFoldersAreToldApart() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: SpikeNetError.self) {
      try Safetensors.read(folder.file("no"))
    }
    #expect(missing?.kind == .missing)
    let isFolder = #expect(throws: SpikeNetError.self) { try Safetensors.read(folder.path) }
    #expect(isFolder?.kind == .missing)
    let empty = try folder.write([], to: "empty.safetensors")
    let isEmpty = #expect(throws: SpikeNetError.self) { try Safetensors.read(empty) }
    #expect(isEmpty?.path == empty)
    #expect(throws: SpikeNetError.self) { try Safetensors.read("/dev/zero") }
  }

  @Test func failedWriteLeavesNothingBehind() throws {
    let folder = try TemporaryFolder()
    let failure = #expect(throws: SpikeNetError.self) {
      try Safetensors.write([("a", .tensor(.ones([1])))], to: folder.file("no/a.safetensors"))
    }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.reason == "cannot be written: No such file or directory")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
