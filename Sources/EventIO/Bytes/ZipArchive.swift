/// The members of a ZIP archive; each can be opened from any thread, in any order.
package final class ZipArchive: Sendable {
  /// What the directory says about a member.
  package struct Entry: Sendable {
    /// The path in the archive, as it stands there.
    package let name: String
    /// The size when expanded; reading verifies it.
    package let byteCount: Int
    /// CRC-32 of the content; reading verifies it.
    package let checksum: UInt32
  }

  /// The archive's path.
  package let path: String
  /// The members, in the order of the directory.
  package let entries: [Entry]
  private let bytes: SeekableBytes
  private let members: [ZipMember]

  /// Recordings never shrink to less than this share.
  private static let maximumRatio = 200
  private static let alwaysAllowed = 1 << 26

  /// Reads the directory of an archive.
  ///
  /// - Throws: ``RecordingError`` of kind `missing`, `inputOutput`, `corrupt` or `unsupported`.
  package convenience init(path: String) throws(RecordingError) {
    try self.init(ByteSource(path: path))
  }

  /// Reads the directory of an archive in any source; a function is read to its end first.
  ///
  /// - Throws: ``RecordingError`` of kind `inputOutput`, `corrupt` or `unsupported`.
  package init(_ source: ByteSource) throws(RecordingError) {
    path = source.name
    do throws(RecordingError) {
      bytes = try source.seekable()
      members = try ZipDirectory(bytes).members
      entries = members.map {
        Entry(name: $0.name, byteCount: $0.size, checksum: $0.checksum)
      }
      try Self.checkExpansion(members, from: bytes.byteCount)
    } catch {
      throw error.at(path)
    }
  }

  /// A source of a member's content, expanded; sizes and checksum are checked on the way.
  ///
  /// - Throws: ``RecordingError`` of kind `corrupt` or `unsupported`, with the path.
  package func open(_ index: Int) throws(RecordingError) -> ByteSource {
    do throws(RecordingError) {
      return try members[index].open(in: bytes)
    } catch {
      throw error.at("\(path): \(members[index].name)")
    }
  }

  private static func checkExpansion(
    _ members: [ZipMember],
    from byteCount: Int
  ) throws(RecordingError) {
    var total = 0
    for member in members {
      let (sum, overflow) = total.addingReportingOverflow(member.size)
      guard !overflow, sum / maximumRatio <= max(byteCount, alwaysAllowed / maximumRatio) else {
        throw RecordingError(
          .corrupt,
          "its members announce more than \(maximumRatio) times its size; this is no archive of "
            + "recordings"
        )
      }
      total = sum
    }
  }
}
