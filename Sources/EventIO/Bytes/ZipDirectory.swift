/// The members of a ZIP archive, from the directory at its end.
///
/// | record | signature | bytes | what is used |
/// |---|---|---|---|
/// | end | `PK 5 6` | 22 + comment | @10 members, @12 directory size, @16 directory offset |
/// | zip64 locator | `PK 6 7` | 20, before the end | @8 offset of the zip64 end |
/// | zip64 end | `PK 6 6` | 56 | @32 members, @40 directory size, @48 directory offset |
/// | directory entry | `PK 1 2` | 46 + name + extra + comment | @8 flags, @10 method, @16 CRC-32, @20 compressed size, @24 size, @28 name length, @30 extra length, @32 comment length, @42 offset |
/// | local header | `PK 3 4` | 30 + name + extra | @26 name length, @28 extra length |
///
/// All numbers are little-endian. 0xFFFFFFFF in an entry stands for a 64-bit number in its extra
/// field 1. Specification: PKWARE APPNOTE 6.3.
struct ZipDirectory {
  /// The members, in directory order; no two have the same name.
  let members: [ZipMember]

  private static let endBytes = 22
  private static let locatorBytes = 20
  private static let entryBytes = 46

  /// Reads the directory of an archive.
  ///
  /// - Throws: ``RecordingError`` of kind `corrupt` or `unsupported`.
  init(_ bytes: SeekableBytes) throws(RecordingError) {
    let place = try ZipDirectory.find(in: bytes)
    let entries = try bytes.bytes(place.range.count, at: place.range.lowerBound)
    var members: [ZipMember] = []
    var names: Set<String> = []
    var position = 0
    while position < entries.count {
      let member = try ZipDirectory.entry(
        entries[position...],
        at: place.range.lowerBound + position,
        end: place.range.lowerBound
      )
      position += member.entryBytes
      guard names.insert(member.name).inserted else {
        throw RecordingError(
          .corrupt,
          "the archive has two members named '\(member.name)'",
          byteOffset: place.range.lowerBound + position
        )
      }
      members.append(member)
    }
    guard members.count == place.count else {
      throw RecordingError(
        .corrupt,
        "the archive announces \(place.count) members and lists \(members.count)",
        byteOffset: place.range.lowerBound
      )
    }
    self.members = members
  }

  /// Where the directory lies and how many members it announces.
  private static func find(
    in bytes: SeekableBytes
  ) throws(RecordingError) -> (range: Range<Int>, count: Int) {
    let tailBytes = min(bytes.byteCount, endBytes + 0xFFFF)
    let tailOffset = bytes.byteCount - tailBytes
    let tail = try bytes.bytes(tailBytes, at: tailOffset)
    guard let end = endRecord(in: tail) else {
      throw RecordingError(
        .corrupt,
        "the archive has no directory at its end; it is truncated",
        byteOffset: bytes.byteCount
      )
    }
    let record = LittleEndian(tail[end...])
    var count = Int(record.u16(10))
    var size = Int(record.u32(12))
    var offset = Int(record.u32(16))
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      let large = try zip64End(in: bytes, before: tailOffset + end)
      (count, size, offset) = (large.count, large.size, large.offset)
    }
    guard offset >= 0, size >= 0, offset <= tailOffset + end, size <= tailOffset + end - offset
    else {
      throw RecordingError(
        .corrupt,
        "the archive's directory lies outside the file",
        byteOffset: tailOffset + end
      )
    }
    return (offset..<offset + size, count)
  }

  /// The last place in the tail where an end record with a fitting comment starts.
  private static func endRecord(in tail: [UInt8]) -> Int? {
    guard tail.count >= endBytes else { return nil }
    return stride(from: tail.count - endBytes, through: 0, by: -1).first { start in
      guard tail[start] == 0x50 else { return false }
      let record = LittleEndian(tail[start...])
      return record.u32(0) == 0x0605_4B50 && start + endBytes + Int(record.u16(20)) == tail.count
    }
  }

  private static func zip64End(
    in bytes: SeekableBytes,
    before end: Int
  ) throws(RecordingError) -> (count: Int, size: Int, offset: Int) {
    let damaged = RecordingError(
      .corrupt,
      "the archive's 64-bit directory record is damaged",
      byteOffset: end
    )
    guard end >= locatorBytes else { throw damaged }
    let locator = LittleEndian(try bytes.bytes(locatorBytes, at: end - locatorBytes)[...])
    guard locator.u32(0) == 0x0706_4B50, let offset = Int(exactly: locator.u64(8)) else {
      throw damaged
    }
    let record = LittleEndian(try bytes.bytes(56, at: offset)[...])
    guard record.u32(0) == 0x0606_4B50,
      let count = Int(exactly: record.u64(32)),
      let size = Int(exactly: record.u64(40)),
      let start = Int(exactly: record.u64(48))
    else { throw damaged }
    return (count, size, start)
  }

  private static func entry(
    _ bytes: ArraySlice<UInt8>,
    at offset: Int,
    end: Int
  ) throws(RecordingError) -> ZipMember {
    let damaged = RecordingError(
      .corrupt,
      "an entry of the archive's directory is damaged",
      byteOffset: offset
    )
    guard bytes.count >= entryBytes else { throw damaged }
    let record = LittleEndian(bytes)
    let nameBytes = Int(record.u16(28))
    let extraBytes = Int(record.u16(30))
    let length = entryBytes + nameBytes + extraBytes + Int(record.u16(32))
    guard record.u32(0) == 0x0201_4B50, bytes.count >= length else { throw damaged }
    let name = bytes.dropFirst(entryBytes).prefix(nameBytes)
    let extra = bytes.dropFirst(entryBytes + nameBytes).prefix(extraBytes)
    var sizes = LargeSizes(extra)
    guard let size = sizes.resolve(record.u32(24)),
      let compressedSize = sizes.resolve(record.u32(20)),
      let headerOffset = sizes.resolve(record.u32(42)),
      headerOffset < end
    else { throw damaged }
    return ZipMember(
      name: String(decoding: name, as: UTF8.self),
      flags: record.u16(8),
      method: record.u16(10),
      checksum: record.u32(16),
      compressedSize: compressedSize,
      size: size,
      headerOffset: headerOffset,
      entryBytes: length
    )
  }
}

/// The 64-bit numbers of a directory entry's extra field 1, used up in order.
private struct LargeSizes {
  private var numbers: ArraySlice<UInt8> = []

  init(_ extra: ArraySlice<UInt8>) {
    var rest = extra
    while rest.count >= 4 {
      let field = LittleEndian(rest)
      let body = rest.dropFirst(4).prefix(Int(field.u16(2)))
      if field.u16(0) == 1 { numbers = body }
      rest = rest.dropFirst(4 + Int(field.u16(2)))
    }
  }

  /// A 32-bit number of the entry, or the 64-bit one that replaces it; nil if that is missing.
  mutating func resolve(_ number: UInt32) -> Int? {
    guard number == 0xFFFF_FFFF else { return Int(number) }
    guard numbers.count >= 8 else { return nil }
    let large = LittleEndian(numbers).u64(0)
    numbers = numbers.dropFirst(8)
    return Int(exactly: large)
  }
}
