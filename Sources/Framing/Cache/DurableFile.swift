import EventIO
import Foundation

/// A file that appears under its name only when it is complete.
///
/// It is written as `NAME.partial`, flushed to the disk, and renamed.
struct DurableFile {
  /// The final path.
  let path: String

  /// Where the file is written.
  var partialPath: String { path + ".partial" }

  /// Flushes the partial file to the disk and gives it its name.
  func commit() throws(FramingError) {
    try synchronize(partialPath)
    guard rename(partialPath, path) == 0 else { throw failure("cannot be renamed to \(path)") }
    try synchronize(PathName.folder(path))
  }

  /// Removes the partial file, if there is one.
  func discard() {
    unlink(partialPath)
  }

  private func synchronize(_ path: String) throws(FramingError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("cannot be flushed to the disk") }
  }

  private func failure(_ what: String) -> FramingError {
    let reason = String(cString: strerror(errno))
    return FramingError(.output, "\(what): \(reason)", path: partialPath)
  }
}
