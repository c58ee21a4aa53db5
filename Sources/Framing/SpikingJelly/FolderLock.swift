import Foundation

/// Keeps other processes that ask for it from a folder, for as long as it lives; it leaves no file.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes hold of a folder.
  ///
  /// - Throws: ``FramingError`` of kind `output` if another process has it.
  init(_ path: String) throws(FramingError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TreeJournal.failure(path, "cannot be opened") }
    // Some network file systems cannot lock folders; each set of frames has a lock of its own, too.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(descriptor)
      throw FramingError(
        .output,
        "another process is writing below this folder; wait for it, or choose another output",
        path: path
      )
    }
  }

  deinit { close(descriptor) }
}
