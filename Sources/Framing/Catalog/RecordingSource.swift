import EventIO
import Foundation

/// Where the bytes of one recording come from; opened as often as needed, from any thread.
public struct RecordingSource: Sendable {
  private enum Origin {
    case file(path: String)
  }

  private let origin: Origin

  /// A file of its own.
  public static func file(_ path: String) -> RecordingSource {
    RecordingSource(origin: .file(path: path))
  }

  /// What messages about the recording start with: its path.
  public var name: String {
    switch origin {
    case .file(let path): path
    }
  }

  /// The size of the recording in bytes; nil where it cannot be told without reading.
  public var byteCount: Int? {
    switch origin {
    case .file(let path):
      (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    }
  }

  /// Opens the recording at its front.
  ///
  /// - Throws: `RecordingError` of kind `missing` or `inputOutput`.
  public func open() throws(RecordingError) -> ByteSource {
    switch origin {
    case .file(let path): try ByteSource(path: path)
    }
  }

  /// What stands for the recording's content: its size and the CRC-32 of all of it.
  ///
  /// - Throws: `RecordingError` of kind `missing` or `inputOutput`.
  public func fingerprint() throws(RecordingError) -> String {
    try ContentDigest(of: open()).description
  }

  /// Something that is quick to learn and changes whenever the content may have: size, inode and
  /// time of the last change; nil where there is no such file.
  public func stamp() -> String? {
    switch origin {
    case .file(let path):
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      return "\(status.st_size) \(status.st_ino) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
  }
}
