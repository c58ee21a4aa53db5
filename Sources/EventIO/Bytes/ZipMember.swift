/// One member of a ZIP archive, as its directory describes it.
struct ZipMember: Sendable {
  let name: String
  let flags: UInt16
  /// 0 is stored, 8 is deflated.
  let method: UInt16
  let checksum: UInt32
  let compressedSize: Int
  let size: Int
  let headerOffset: Int
  /// The length of the directory entry itself.
  let entryBytes: Int

  private static let localHeaderBytes = 30
  /// Deflate never shrinks data further than this.
  private static let maximumRatio = 1032

  /// A source of the member's content, expanded; sizes and checksum are checked on the way.
  ///
  /// - Throws: ``RecordingError`` of kind `corrupt`, or `unsupported` for other methods.
  func open(in archive: SeekableBytes) throws(RecordingError) -> ByteSource {
    let range = try compressedRange(in: archive)
    let label = "\(archive.name): \(name)"
    switch method {
    case 0:
      guard size == compressedSize else { throw damaged("gives two sizes for stored data") }
      let stored = archive.source(range)
      return checked(label) { buffer throws(RecordingError) in try stored.read(into: buffer) }
    case 8:
      guard size / ZipMember.maximumRatio <= compressedSize else {
        throw damaged("promises \(size) bytes from \(compressedSize)")
      }
      let inflater = Inflater(archive.source(range))
      return checked(label) { buffer throws(RecordingError) in try inflater.read(into: buffer) }
    default:
      throw RecordingError(
        .unsupported,
        "member '\(name)' is compressed by method \(method); expected 0 or 8"
      )
    }
  }

  /// Where the compressed data lies; the local header gives the lengths of its own name and extra.
  private func compressedRange(in archive: SeekableBytes) throws(RecordingError) -> Range<Int> {
    guard flags & 1 == 0 else {
      throw RecordingError(.unsupported, "member '\(name)' is encrypted")
    }
    let local = try archive.bytes(ZipMember.localHeaderBytes, at: headerOffset)
    let header = LittleEndian(local[...])
    guard header.u32(0) == 0x0403_4B50 else { throw damaged("has no header of its own") }
    let start =
      headerOffset + ZipMember.localHeaderBytes + Int(header.u16(26)) + Int(header.u16(28))
    guard start <= archive.byteCount, compressedSize <= archive.byteCount - start else {
      throw damaged("runs past the end of the file")
    }
    return start..<start + compressedSize
  }

  /// Wraps a source so that it must deliver exactly the promised bytes.
  private func checked(_ label: String, _ pull: @escaping ByteSource.Pull) -> ByteSource {
    var left = size
    var sum = CRC32()
    return ByteSource(name: label, byteCount: size) { buffer throws(RecordingError) in
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(left))
      let count = try pull(part)
      sum.update(UnsafeRawBufferPointer(rebasing: part[..<count]))
      left -= count
      guard count > 0 || left == 0 else {
        throw damaged("holds \(size - left) of the \(size) bytes it promises")
      }
      if left == 0 { try checkEnd(pull, sum) }
      return count
    }
  }

  /// Checks, after the last promised byte, that there is no more and that the sum is right.
  private func checkEnd(_ pull: ByteSource.Pull, _ sum: CRC32) throws(RecordingError) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
    defer { room.deallocate() }
    guard try pull(room) == 0 else {
      throw damaged("holds more than the \(size) bytes it promises")
    }
    guard sum.value == checksum else { throw damaged("does not match its checksum") }
  }

  private func damaged(_ reason: String) -> RecordingError {
    RecordingError(.corrupt, "member '\(name)' \(reason)", byteOffset: headerOffset)
  }
}
