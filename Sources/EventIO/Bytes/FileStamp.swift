import Foundation

/// What is quick to learn of a file, and changes whenever its content may have.
package struct FileStamp: Hashable, Sendable, CustomStringConvertible {
  /// Size, inode and time of the last change.
  package let description: String

  init(_ status: stat) {
    description =
      "\(status.st_size) \(status.st_ino) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// Asks for the stamp of a file; nil if there is none.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}
