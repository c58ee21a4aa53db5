import CArchive
import Foundation

/// A tar archive, compressed or not, read from front to back through libarchive.
///
/// Gzip is expanded by ``GzipStream``, because libarchive does not verify its checksum; bzip2, xz
/// and Zstandard by libarchive. Nothing is written anywhere. Use from one thread at a time.
package final class TarReader {
  /// What an archive says about one of its members.
  package struct Member {
    /// What a member is.
    package enum Kind {
      /// A regular file.
      case file
      /// A folder.
      case folder
      /// A link, a device: nothing that data is read from.
      case other
    }

    /// The path in the archive, as it stands there.
    package let name: String
    /// What it is.
    package let kind: Kind
    /// The size that it announces.
    package let byteCount: Int
  }

  /// The archive's path.
  package let path: String
  private let handle: OpaquePointer
  private let feeder: Feeder
  private var memberBytes = 0
  private var isInMember = false

  /// Opens an archive.
  ///
  /// - Throws: ``RecordingError`` of kind `missing`, `inputOutput` or `corrupt`, with the path.
  package init(path: String) throws(RecordingError) {
    self.path = path
    feeder = Feeder(try ByteSource(path: path))
    guard let handle = archive_read_new() else {
      throw RecordingError(.inputOutput, "libarchive has no memory", path: path)
    }
    self.handle = handle
    archive_read_support_filter_bzip2(handle)
    archive_read_support_filter_xz(handle)
    archive_read_support_filter_zstd(handle)
    archive_read_support_format_tar(handle)
    let client = Unmanaged.passUnretained(feeder).toOpaque()
    try check(
      archive_read_open(
        handle,
        client,
        nil,
        { _, client, block in Feeder.read(client, block) },
        nil
      )
    )
  }

  deinit { archive_read_free(handle) }

  /// Goes to the next member; nil after the last one, when all checksums have been verified.
  ///
  /// - Throws: ``RecordingError`` of kind `corrupt` or `inputOutput`, with the path.
  package func next() throws(RecordingError) -> Member? {
    try skip()
    var entry: OpaquePointer?
    let status = archive_read_next_header(handle, &entry)
    try checkExpansion()
    if status == ARCHIVE_EOF {
      do throws(RecordingError) { try feeder.drain() } catch { throw error.at(path) }
      return nil
    }
    try check(status)
    isInMember = true
    guard let name = Self.name(entry) else {
      throw RecordingError(.corrupt, "a member of the archive has no name", path: path)
    }
    let kind: Member.Kind =
      switch archive_entry_filetype(entry) {
      case mode_t(S_IFREG) where archive_entry_hardlink(entry) == nil: .file
      case mode_t(S_IFDIR): .folder
      default: .other
      }
    return Member(name: name, kind: kind, byteCount: Int(archive_entry_size(entry)))
  }

  /// Replaces a block by the next bytes of the current member; false at the member's end.
  ///
  /// - Throws: ``RecordingError`` of kind `corrupt` or `inputOutput`, with the path.
  package func read(into block: inout [UInt8]) throws(RecordingError) -> Bool {
    if block.count != Self.blockBytes { block = [UInt8](repeating: 0, count: Self.blockBytes) }
    let count = block.withUnsafeMutableBytes { read(into: $0) }
    try check(count < 0 ? Int32(count) : ARCHIVE_OK)
    block.removeLast(block.count - max(0, count))
    memberBytes += max(0, count)
    try checkExpansion()
    if count <= 0 { isInMember = false }
    return count > 0
  }

  private static let blockBytes = 1 << 17

  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    archive_read_data(handle, buffer.baseAddress, buffer.count)
  }

  /// Reads over the rest of the current member, so that it is checked like the others.
  private func skip() throws(RecordingError) {
    guard isInMember else { return }
    var block: [UInt8] = []
    while try read(into: &block) {}
  }

  // MARK: Checks

  /// An archive of recordings never shrinks to less than this share.
  private static let maximumRatio = 200
  private static let alwaysAllowed = 1 << 26

  private func checkExpansion() throws(RecordingError) {
    let expanded = max(Int(archive_filter_bytes(handle, 0)), memberBytes)
    try feeder.checkRatio(expanded, at: path)
  }

  private func check(_ status: Int32) throws(RecordingError) {
    if let failure = feeder.failure { throw failure.at(path) }
    guard status < ARCHIVE_WARN else { return }
    let detail = archive_error_string(handle).map { String(cString: $0) } ?? "status \(status)"
    throw RecordingError(
      .corrupt,
      "the archive cannot be read: \(detail); download the file again",
      path: path
    )
  }

  private static func name(_ entry: OpaquePointer?) -> String? {
    (archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry))
      .map { String(cString: $0) }
  }

  /// Delivers the archive's bytes to libarchive, expanded if they are gzip's.
  private final class Feeder {
    private let source: ByteSource
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 64)
    private var gzip: GzipStream?
    private var isOpened = false
    private var delivered = 0
    /// What went wrong while libarchive was reading.
    private(set) var failure: RecordingError?

    init(_ source: ByteSource) { self.source = source }

    deinit { buffer.deallocate() }

    /// What libarchive calls for the next bytes; their number, or −1 after a failure.
    static func read(
      _ client: UnsafeMutableRawPointer?,
      _ block: UnsafeMutablePointer<UnsafeRawPointer?>?
    ) -> Int {
      guard let client, let block else { return -1 }
      let feeder = Unmanaged<Feeder>.fromOpaque(client).takeUnretainedValue()
      block.pointee = UnsafeRawPointer(feeder.buffer.baseAddress)
      do throws(RecordingError) {
        return try feeder.pull()
      } catch {
        feeder.failure = error
        return -1
      }
    }

    private func pull() throws(RecordingError) -> Int {
      if !isOpened {
        isOpened = true
        if try source.peek(2) == GzipStream.mark { gzip = GzipStream(source) }
      }
      let count: Int
      if let gzip {
        count = try gzip.read(into: buffer)
      } else {
        count = try source.read(into: buffer)
      }
      delivered += count
      try checkRatio(delivered, at: source.name)
      return count
    }

    /// Reads what follows the end of the archive, so that gzip's last checksum is verified.
    func drain() throws(RecordingError) {
      while try pull() > 0 {}
    }

    func checkRatio(_ expanded: Int, at path: String) throws(RecordingError) {
      let (limit, overflow) = source.position.multipliedReportingOverflow(by: maximumRatio)
      guard overflow || expanded <= max(limit, TarReader.alwaysAllowed) else {
        throw RecordingError(
          .corrupt,
          "\(source.position) bytes expand to more than \(expanded), over \(maximumRatio) times as "
            + "much; this is no archive of recordings",
          path: path
        )
      }
    }
  }
}
