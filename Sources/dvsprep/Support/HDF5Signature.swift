import Foundation

/// How HDF5 files begin.
enum HDF5Signature {
  private static let bytes: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether a file begins like HDF5; false for files that cannot be read.
  static func isPresent(in path: String) -> Bool {
    var status = stat()
    // Opening a pipe would wait for a writer.
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: bytes.count)).map { $0.elementsEqual(bytes) } ?? false
  }
}
