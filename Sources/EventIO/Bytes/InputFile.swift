import Foundation

/// An open file descriptor for reading; closed in `deinit`.
final class InputFile: Sendable {
  /// The file's size; nil where it is still being filled.
  let byteCount: Int?
  /// What the file system said of the last change when the file was opened.
  let stamp: FileStamp?
  private let descriptor: Int32

  /// Opens a file, and refuses everything else that can have a name, without waiting for it.
  init(path: String) throws(RecordingError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      let kind: RecordingError.Kind =
        [ENOENT, ENOTDIR, ELOOP].contains(code) ? .missing : .inputOutput
      throw RecordingError(kind, "cannot open: \(InputFile.reason(code))", path: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw RecordingError(
        .inputOutput,
        "cannot examine: \(InputFile.reason(code))",
        path: path
      )
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw RecordingError(.missing, "is a folder; expected a recording file", path: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw RecordingError(
        .inputOutput,
        "is a pipe, a socket or a device; save what comes from it to a file first",
        path: path
      )
    }
    byteCount = Int(status.st_size)
    stamp = FileStamp(status)
  }

  /// Takes over a descriptor of a regular file that is still being filled.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    byteCount = nil
    stamp = nil
  }

  deinit { close(descriptor) }

  /// The bytes of a short file and its stamp; nil for a longer one, which is not read.
  static func content(
    of path: String,
    upTo limit: Int
  ) throws(RecordingError) -> (bytes: [UInt8], stamp: FileStamp)? {
    let file = try InputFile(path: path)
    guard let size = file.byteCount, let stamp = file.stamp, size <= limit else { return nil }
    let source = ByteSource(file, name: path)
    // The file may have grown since: it is then as long as it is at the end of reading.
    let bytes = try source.take(size + 1)
    return (bytes.count > size ? bytes + (try source.readAll()) : bytes, stamp)
  }

  /// Reads the next bytes; returns 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int {
    try retry { Foundation.read(descriptor, buffer.baseAddress, buffer.count) }
  }

  /// Reads bytes at an offset of a regular file; returns 0 at its end.
  func read(
    into buffer: UnsafeMutableRawBufferPointer,
    at offset: Int
  ) throws(RecordingError) -> Int {
    try retry { pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
  }

  private func retry(_ call: () -> Int) throws(RecordingError) -> Int {
    while true {
      let count = call()
      if count >= 0 { return count }
      let code = errno
      if code != EINTR {
        throw RecordingError(.inputOutput, "cannot read: \(InputFile.reason(code))")
      }
    }
  }

  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
