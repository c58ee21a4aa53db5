import EventIO
import Foundation

/// Where the bytes of one recording come from; opened as often as needed, from any thread.
public struct RecordingSource: Sendable {
  private enum Origin {
    case file(path: String)
    case member(ArchiveTree.Entry)
  }

  private let origin: Origin

  /// A file of its own.
  public static func file(_ path: String) -> RecordingSource {
    RecordingSource(origin: .file(path: path))
  }

  private init(origin: Origin) { self.origin = origin }

  /// A file in an archive.
  init(_ entry: ArchiveTree.Entry) { origin = .member(entry) }

  /// What messages about the recording start with: its path, or the archive's and its own in it.
  public var name: String {
    switch origin {
    case .file(let path): path
    case .member(.zip(let archive, let index)): "\(archive.path): \(archive.entries[index].name)"
    case .member(.tar(let archive, let index)): "\(archive.path): \(archive.members[index].name)"
    }
  }

  /// The size of the recording in bytes; nil where it cannot be told without reading.
  public var byteCount: Int? {
    switch origin {
    case .file(let path):
      (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    case .member(.zip(let archive, let index)): archive.entries[index].byteCount
    case .member(.tar(let archive, let index)): archive.members[index].byteCount
    }
  }

  /// Opens the recording at its front.
  ///
  /// - Throws: `RecordingError` of kind `missing`, `inputOutput`, `corrupt` or `unsupported`.
  public func open() throws(RecordingError) -> ByteSource {
    switch origin {
    case .file(let path): try ByteSource(path: path)
    case .member(.zip(let archive, let index)): try archive.open(index)
    case .member(.tar(let archive, let index)): try archive.open(index)
    }
  }

  /// What stands for the recording's content: its size and the CRC-32 of all of it.
  ///
  /// For a member of an archive it is known already, and equal to that of the unpacked file.
  ///
  /// - Throws: `RecordingError` of kind `missing` or `inputOutput`.
  public func fingerprint() throws(RecordingError) -> String {
    switch origin {
    case .file: try ContentDigest(of: open()).description
    case .member(.tar(let archive, let index)): archive.members[index].fingerprint
    case .member(.zip(let archive, let index)):
      ContentDigest(
        byteCount: archive.entries[index].byteCount,
        checksum: archive.entries[index].checksum
      ).description
    }
  }

  /// Something that is quick to learn and changes whenever the content may have: size, inode and
  /// time of the last change of the file or the archive; nil where there is no such file.
  public func stamp() -> String? {
    let path =
      switch origin {
      case .file(let path): path
      case .member(.tar(let archive, _)): archive.path
      case .member(.zip(let archive, _)): archive.path
      }
    return FileStamp(path)?.description
  }

  /// The bytes of a short file and its stamp; nil for a longer one and for members of archives.
  ///
  /// - Throws: `RecordingError` of kind `missing` or `inputOutput`.
  func content(
    upTo limit: Int
  ) throws(RecordingError) -> (bytes: [UInt8], stamp: FileStamp)? {
    guard case .file(let path) = origin else { return nil }
    return try ByteSource.content(ofFile: path, upTo: limit)
  }

  /// Whether ``fingerprint()`` is known without reading.
  var hasKnownDigest: Bool {
    if case .file = origin { false } else { true }
  }

  /// The whole content of a text file.
  ///
  /// - Throws: ``FramingError``: what opening gives, or `corrupt` above a limit.
  func bytes(upTo limit: Int) throws(FramingError) -> [UInt8] {
    if case .member(.tar(let archive, let index)) = origin,
      let text = archive.members[index].text
    {
      return text
    }
    if case .file(let path) = origin { try requireReadableFile(path) }
    do {
      let source = try open()
      let bytes = try source.peek(min(limit, source.byteCount ?? limit) + 1)
      guard bytes.count <= limit else {
        throw FramingError(.corrupt, "a text file of more than \(limit >> 20) MiB", path: name)
      }
      return bytes
    } catch let error as RecordingError {
      throw FramingError(error)
    } catch let error as FramingError {
      throw error
    } catch {
      throw FramingError(.inputOutput, "cannot be read: \(error)", path: name)
    }
  }
}
