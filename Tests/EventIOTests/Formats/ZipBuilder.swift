import _TestSupport

/// Builds ZIP archives by hand, right or wrong in any field.
struct ZipBuilder {
  /// What one member claims about itself.
  struct Member {
    var name: String
    /// The content as it is stored.
    var stored: [UInt8]
    var method: UInt16 = 0
    var flags: UInt16 = 0
    var checksum: UInt32
    var compressedSize: UInt64
    var size: UInt64
    /// Added to the offset of the header that the directory gives.
    var offsetError: Int64 = 0

    init(_ name: String, _ content: [UInt8]) {
      self.name = name
      stored = content
      checksum = Self.crc32(content)
      compressedSize = UInt64(content.count)
      size = UInt64(content.count)
    }

    /// The sum, bit by bit.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
      ~bytes.reduce(~0 as UInt32) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
          value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
        }
      }
    }
  }

  var members: [Member]
  /// Whether the directory uses 64-bit numbers throughout.
  var isLarge = false
  /// Added to the number of members that the end announces.
  var countError = 0
  var comment: [UInt8] = []

  func bytes() -> [UInt8] {
    var file = ByteBuilder()
    var directory = ByteBuilder()
    for member in members {
      let offset = UInt64(truncatingIfNeeded: Int64(file.bytes.count) + member.offsetError)
      file.little(0x0403_4B50 as UInt32)
      appendCommon(member, &file)
      file.little(0 as UInt16)
      file.text(member.name)
      file.raw(member.stored)
      appendEntry(member, offset, &directory)
    }
    let start = file.bytes.count
    file.raw(directory.bytes)
    if isLarge { appendLargeEnd(start, directory.bytes.count, &file) }
    file.little(0x0605_4B50 as UInt32)
    file.little(0 as UInt32)
    let count = UInt16(members.count + countError)
    for _ in 0..<2 { file.little(isLarge ? 0xFFFF : count) }
    file.little(isLarge ? 0xFFFF_FFFF : UInt32(directory.bytes.count))
    file.little(isLarge ? 0xFFFF_FFFF : UInt32(start))
    file.little(UInt16(comment.count))
    file.raw(comment)
    return file.bytes
  }

  private func appendCommon(_ member: Member, _ to: inout ByteBuilder) {
    to.little(45 as UInt16)
    to.little(member.flags)
    to.little(member.method)
    to.little(0 as UInt32)
    to.little(member.checksum)
    to.little(isLarge ? 0xFFFF_FFFF : UInt32(member.compressedSize))
    to.little(isLarge ? 0xFFFF_FFFF : UInt32(member.size))
    to.little(UInt16(member.name.utf8.count))
  }

  private func appendEntry(_ member: Member, _ offset: UInt64, _ to: inout ByteBuilder) {
    to.little(0x0201_4B50 as UInt32)
    to.little(45 as UInt16)
    appendCommon(member, &to)
    to.little(isLarge ? 28 + 5 : 0 as UInt16)
    for _ in 0..<5 { to.little(0 as UInt16) }
    to.little(isLarge ? 0xFFFF_FFFF : UInt32(truncatingIfNeeded: offset))
    to.text(member.name)
    guard isLarge else { return }
    // A foreign field first, so that the right one has to be looked for.
    to.little(0x7777 as UInt16)
    to.little(1 as UInt16)
    to.raw([9])
    to.little(1 as UInt16)
    to.little(24 as UInt16)
    to.little(member.size)
    to.little(member.compressedSize)
    to.little(offset)
  }

  private func appendLargeEnd(_ start: Int, _ size: Int, _ to: inout ByteBuilder) {
    let offset = UInt64(to.bytes.count)
    to.little(0x0606_4B50 as UInt32)
    to.little(44 as UInt64)
    to.little(45 as UInt16)
    to.little(45 as UInt16)
    to.little(0 as UInt64)
    for _ in 0..<2 { to.little(UInt64(members.count + countError)) }
    to.little(UInt64(size))
    to.little(UInt64(start))
    to.little(0x0706_4B50 as UInt32)
    to.little(0 as UInt32)
    to.little(offset)
    to.little(1 as UInt32)
  }
}
