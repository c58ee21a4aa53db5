import Foundation

/// A file being written under `path.partial`; it gets its name when it is complete.
///
/// A file that is never finished is removed again.
final class OutputFile {
  private let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var isFinished = false

  /// Creates the file, or empties what an earlier attempt left.
  init(path: String) throws(RecordingError) {
    self.path = path
    partialPath = path + ".partial"
    descriptor = open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputFile.failure("create", path) }
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(partialPath) }
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws(RecordingError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw OutputFile.failure("write", path) }
      done += count
    }
  }

  /// Gives the file its name, replacing what had it before.
  func finish() throws(RecordingError) {
    guard fsync(descriptor) == 0, rename(partialPath, path) == 0 else {
      throw OutputFile.failure("finish", path)
    }
    isFinished = true
  }

  private static func failure(_ action: String, _ path: String) -> RecordingError {
    RecordingError(
      .inputOutput,
      "cannot \(action): \(String(cString: strerror(errno)))",
      path: path
    )
  }
}
