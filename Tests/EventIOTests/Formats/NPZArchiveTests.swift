import EventIO
import Testing
import _TestSupport

@Suite("NPZ archive")
struct NPZArchiveTests {
  private static func array(_ values: [UInt8] = [1, 2, 3]) -> [UInt8] {
    npy("|u1", "(\(values.count),)", values)
  }

  /// An array file with any header text.
  private static func npy(
    _ type: String,
    _ shape: String,
    _ bytes: [UInt8],
    version: UInt8 = 1,
    fortran: String = "False"
  ) -> [UInt8] {
    let text = "{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(shape), }\n"
    var builder = ByteBuilder()
    builder.raw([0x93])
    builder.text("NUMPY")
    builder.raw([version, 0])
    if version == 1 {
      builder.little(UInt16(text.utf8.count))
    } else {
      builder.little(UInt32(text.utf8.count))
    }
    builder.text(text)
    builder.raw(bytes)
    return builder.bytes
  }

  private static func open(_ zip: ZipBuilder) throws -> NPZArchive {
    try NPZArchive(ByteSource(bytes: zip.bytes(), name: "a.npz"))
  }

  private static func zip(_ content: [UInt8]) -> ZipBuilder {
    ZipBuilder(members: [.init("a.npy", content)])
  }

  /// The error that reading array `a` ends with.
  private static func refusal(_ zip: ZipBuilder) -> RecordingError? {
    do throws(RecordingError) {
      let source = ByteSource(bytes: zip.bytes(), name: "a.npz")
      _ = try NPZArchive(source).array("a").values(as: Int64.self)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [false, true], [0, 7])
  func plainAndLargeArchivesAreRead(_ isLarge: Bool, _ comment: Int) throws {
    var zip = ZipBuilder(members: [
      .init("a.npy", Self.array()), .init("readme.txt", [1]), .init("b.npy", Self.array([9])),
    ])
    zip.isLarge = isLarge
    zip.comment = [UInt8](repeating: 0x50, count: comment)
    let archive = try Self.open(zip)
    #expect(archive.names == ["a", "b"])
    #expect(try archive.array("a").values(as: UInt8.self) == [1, 2, 3])
    #expect(try archive.array("b").values(as: UInt8.self) == [9])
  }

  @Test func missingArrayIsNamedWithThoseThatExist() throws {
    let archive = try Self.open(Self.zip(Self.array()))
    let error = #expect(throws: RecordingError.self) { _ = try archive.array("frames") }
    #expect(error?.description.contains("no array named 'frames'; it has a") == true)
    #expect(error?.path == "a.npz")
  }

  @Test func twoMembersOfOneNameAreRefused() {
    let member = ZipBuilder.Member("a.npy", Self.array())
    #expect(Self.refusal(ZipBuilder(members: [member, member]))?.kind == .corrupt)
  }

  @Test(arguments: [-1, 1])
  func wrongMemberCountIsRefused(_ error: Int) {
    var zip = ZipBuilder(members: [
      .init("a.npy", Self.array()), .init("b.npy", Self.array()),
    ])
    zip.countError = error
    #expect(Self.refusal(zip)?.kind == .corrupt)
  }

  @Test(arguments: [false, true])
  func liesAboutAMemberAreRefused(_ isLarge: Bool) {
    let changes: [(inout ZipBuilder.Member) -> Void] = [
      { $0.size += 1 }, { $0.size -= 1 }, { $0.size = 0xFFFF_FFF0 },
      { $0.compressedSize += 1 }, { $0.compressedSize = 0xFFFF_FFF0 }, { $0.checksum ^= 1 },
      { $0.offsetError = 1 }, { $0.offsetError = 1 << 31 }, { $0.method = 8 },
      {
        $0.size += 1
        $0.compressedSize += 1
      },
      {
        $0.size -= 1
        $0.compressedSize -= 1
      },
    ]
    for (index, change) in changes.enumerated() {
      var zip = Self.zip(Self.array())
      zip.isLarge = isLarge
      change(&zip.members[0])
      #expect(Self.refusal(zip)?.kind == .corrupt, "change \(index)")
    }
  }

  /// Sum and sizes fit the first bytes; only asking for more shows that there are more.
  @Test func deflatedMemberThatHoldsMoreThanItPromisesIsRefused() throws {
    let array = Self.array()
    for surplus: [UInt8] in [[], [7]] {
      let content = array + surplus
      var deflated: [UInt8] = [1]
      for length in [UInt16(content.count), ~UInt16(content.count)] {
        deflated += [UInt8(truncatingIfNeeded: length), UInt8(length >> 8)]
      }
      var member = ZipBuilder.Member("a.npy", array)
      member.method = 8
      member.stored = deflated + content
      member.compressedSize = UInt64(member.stored.count)
      let error = Self.refusal(ZipBuilder(members: [member]))
      #expect(error?.kind == (surplus.isEmpty ? nil : .corrupt))
    }
  }

  @Test func sixtyFourBitNumbersBeyondAllFilesAreRefused() {
    for number: UInt64 in [.max, 1 << 63, 1 << 40] {
      var zip = Self.zip(Self.array())
      zip.isLarge = true
      zip.members[0].size = number
      zip.members[0].compressedSize = number
      #expect(Self.refusal(zip)?.kind == .corrupt)
    }
  }

  @Test func encryptionAndOtherMethodsAreUnsupported() {
    var zip = Self.zip(Self.array())
    zip.members[0].flags = 1
    #expect(Self.refusal(zip)?.kind == .unsupported)
    zip = Self.zip(Self.array())
    zip.members[0].method = 14
    #expect(Self.refusal(zip)?.kind == .unsupported)
  }

  @Test(arguments: ["|O", "<O8", "|O8"])
  func objectArraysAreNeverUnpickled(_ type: String) {
    let error = Self.refusal(Self.zip(Self.npy(type, "(1,)", [UInt8](repeating: 0, count: 8))))
    #expect(error?.kind == .unsupported)
    #expect(error?.reason.contains("pickle") == true)
  }

  @Test(arguments: ["<c8", "<U4", "|S1", "<f2", "<i3", "i8", "", "<", "<M8[us]"])
  func otherTypesAreUnsupported(_ type: String) {
    #expect(Self.refusal(Self.zip(Self.npy(type, "(1,)", [0, 0, 0, 0])))?.kind == .unsupported)
  }

  @Test(arguments: [
    "(4,)", "(2,)", "(-3,)", "(3.0,)", "(3", "3", "('3',)", "(3,)+(1,)",
    "(9223372036854775807, 9223372036854775807)", "(99999999999999999999,)",
    "((((((((((3,),),),),),),),),),)",
  ])
  func impossibleShapesAreRefused(_ shape: String) {
    #expect(Self.refusal(Self.zip(Self.npy("|u1", shape, [1, 2, 3])))?.kind == .corrupt)
  }

  @Test(arguments: ["(3,)", "(3L,)", "( 3 , )", "(1, 3)", "(3, 1, 1)", "[3]"])
  func legalShapesAreRead(_ shape: String) throws {
    let archive = try Self.open(Self.zip(Self.npy("|u1", shape, [1, 2, 3])))
    #expect(try archive.array("a").values(as: Int.self) == [1, 2, 3])
  }

  @Test func singleNumberHasNoDimensions() throws {
    let array = try Self.open(Self.zip(Self.npy("|u1", "()", [7]))).array("a")
    #expect(array.shape == [])
    #expect(try array.values(as: Int.self) == [7])
  }

  @Test(arguments: [2, 3] as [UInt8])
  func laterVersionsHaveLongerHeaders(_ version: UInt8) throws {
    let npy = Self.npy("|u1", "(1,)", [7], version: version)
    #expect(try Self.open(Self.zip(npy)).array("a").values(as: Int.self) == [7])
  }

  @Test func columnMajorOrderIsTurnedRound() throws {
    let npy = Self.npy("|u1", "(2, 3)", [1, 4, 2, 5, 3, 6], fortran: "True")
    #expect(try Self.open(Self.zip(npy)).array("a").values(as: Int.self) == [1, 2, 3, 4, 5, 6])
  }

  @Test func everyTypeAndByteOrderIsRead() throws {
    let values: [Int64] = [0, 1, 2, 100, 127]
    func check(_ type: String, _ bytes: [UInt8]) throws {
      let archive = try Self.open(Self.zip(Self.npy(type, "(5,)", bytes)))
      #expect(try archive.array("a").values(as: Int64.self) == values, "\(type)")
    }
    func order<T: FixedWidthInteger>(_ code: String, _ number: (Int64) -> T) throws {
      var little = ByteBuilder()
      var big = ByteBuilder()
      for value in values {
        little.little(number(value))
        big.big(number(value))
      }
      try check("<" + code, little.bytes)
      try check(">" + code, big.bytes)
    }
    try order("i1") { Int8($0) }
    try order("u1") { UInt8($0) }
    try order("i2") { Int16($0) }
    try order("u2") { UInt16($0) }
    try order("i4") { Int32($0) }
    try order("u4") { UInt32($0) }
    try order("i8") { $0 }
    try order("u8") { UInt64($0) }
    try order("f4") { Float($0).bitPattern }
    try order("f8") { Double($0).bitPattern }
  }

  @Test func truthIsZeroOrOne() throws {
    let archive = try Self.open(Self.zip(Self.npy("|b1", "(3,)", [0, 1, 255])))
    #expect(try archive.array("a").values(as: Int.self) == [0, 1, 1])
  }

  @Test func negativeNumbersKeepTheirSign() throws {
    let bytes = NPZWriter.archive(of: [
      ("a", NPYArray([Int8(-1), 5], shape: [2])), ("b", NPYArray([Int64.min], shape: [1])),
      ("c", NPYArray([Int16(-300)], shape: [1])), ("d", NPYArray([Float(-2)], shape: [1])),
    ])
    let archive = try NPZArchive(ByteSource(bytes: bytes, name: "a.npz"))
    #expect(try archive.array("a").values(as: Int32.self) == [-1, 5])
    #expect(try archive.array("b").values(as: Int64.self) == [.min])
    #expect(try archive.array("c").values(as: Int16.self) == [-300])
    #expect(try archive.array("d").values(as: Int8.self) == [-2])
  }

  @Test func valuesThatDoNotFitAreNamed() throws {
    let cases: [(NPYArray, Int)] = [
      (NPYArray([UInt16(255), 256], shape: [2]), 1), (NPYArray([Int8(0), 1, -1], shape: [3]), 2),
      (NPYArray([Float(1), 1.5], shape: [2]), 1), (NPYArray([Float.nan], shape: [1]), 0),
      (NPYArray([Float.infinity], shape: [1]), 0), (NPYArray([UInt64.max], shape: [1]), 0),
      (NPYArray([UInt16](repeating: 0, count: 5000) + [300], shape: [5001]), 5000),
    ]
    for (array, index) in cases {
      let error = #expect(throws: RecordingError.self) { _ = try array.values(as: UInt8.self) }
      #expect(error?.kind == .outOfRange)
      #expect(error?.reason.hasPrefix("element \(index) ") == true, "\(error?.reason ?? "")")
    }
  }

  @Test func bombsAreRefusedBeforeTheyExpand() {
    var zip = Self.zip(Self.array())
    zip.members[0].method = 8
    zip.members[0].size = 0xFFFF_0000
    #expect(Self.refusal(zip)?.reason.contains("promises") == true)
  }

  @Test(arguments: [
    NPZWriter.Compression.stored, .deflated(level: 0), .deflated(), .deflated(level: 9),
  ])
  func writtenArraysReadBackEqual(_ compression: NPZWriter.Compression) throws {
    var random = SplitMix64(seed: 8)
    let frames = (0..<4 * 2 * 9 * 7).map { _ in UInt8.random(in: 0..<4, using: &random) }
    let large = (0..<300_000).map { Int64($0 * $0) }
    let bytes = NPZWriter.archive(
      of: [
        ("frames", NPYArray(frames, shape: [4, 2, 9, 7])),
        ("large", NPYArray(large, shape: [300_000])),
        ("none", NPYArray([Int16](), shape: [0, 3])),
      ],
      compression: compression
    )
    let archive = try NPZArchive(ByteSource(bytes: bytes, name: "a.npz"))
    #expect(archive.names == ["frames", "large", "none"])
    #expect(try archive.header(of: "frames").shape == [4, 2, 9, 7])
    #expect(try archive.header(of: "none").shape == [0, 3])
    #expect(try archive.array("frames").values(as: UInt8.self) == frames)
    #expect(try archive.array("large").values(as: Int64.self) == large)
    #expect(try archive.array("none").values(as: Int16.self) == [])
  }
}
