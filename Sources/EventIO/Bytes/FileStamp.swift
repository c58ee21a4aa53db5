import Foundation

/// What is quick to learn of a file, and changes whenever its content may have.
package struct FileStamp: Hashable, Sendable, CustomStringConvertible {
  /// Size, inode, and the times when content and inode changed; the latter cannot be set back.
  package let description: String

  init(_ status: stat) {
    description =
      "\(status.st_size) \(status.st_ino) \(Self.text(status.st_mtim)) \(Self.text(status.st_ctim))"
  }

  private static func text(_ time: timespec) -> String { "\(time.tv_sec).\(time.tv_nsec)" }

  /// Asks for the stamp of a file; nil if there is none.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}
