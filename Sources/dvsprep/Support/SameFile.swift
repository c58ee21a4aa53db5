import Foundation

/// Where a path leads, from the root, without links and dots.
enum RealPath {
  /// Nil, with `errno` set, where nothing is there.
  static func of(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// Whether two paths lead to one file.
enum SameFile {
  /// False where either does not exist.
  static func holds(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(a, &first) == 0, stat(b, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
