import Foundation

/// The names in a folder, and which of them are folders.
///
/// The folder itself says what most of its entries are, so that they need not be looked at.
package struct FolderEntries: Sendable {
  /// Names of the folders, in no order; links count as what they lead to.
  package private(set) var folders: [String] = []
  /// Names of everything else.
  package private(set) var files: [String] = []

  /// Reads a folder.
  ///
  /// - Throws: ``RecordingError`` of kind `missing` or `inputOutput`.
  package init(_ path: String) throws(RecordingError) {
    guard let folder = opendir(path) else { throw Self.failure(errno, path) }
    defer { closedir(folder) }
    while true {
      errno = 0
      guard let entry = readdir(folder) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
        start.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      if Self.isFolder(entry.pointee.d_type, "\(path)/\(name)") {
        folders.append(name)
      } else {
        files.append(name)
      }
    }
    guard errno == 0 else { throw Self.failure(errno, path) }
  }

  private static func isFolder(_ type: UInt8, _ path: @autoclosure () -> String) -> Bool {
    // What <dirent.h> calls DT_DIR, DT_LNK and DT_UNKNOWN.
    switch type {
    case 4: return true
    case 0, 10:
      var status = stat()
      return stat(path(), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    default: return false
    }
  }

  private static func failure(_ code: Int32, _ path: String) -> RecordingError {
    var status = stat()
    guard stat(path, &status) == 0 else {
      return RecordingError(.missing, "there is no such file or folder", path: path)
    }
    let reason =
      code == ENOTDIR
      ? "this is a file; expected a folder"
      : "the folder cannot be read: \(String(cString: strerror(code))); check its permissions"
    return RecordingError(.inputOutput, reason, path: path)
  }
}
