import EventIO
import Foundation

/// A folder of many files that appears under its name only when it is complete.
///
/// It is filled as `NAME.partial`, flushed to the disk in one go, and renamed.
struct TreeFolder: Sendable {
  /// The final path.
  let path: String

  /// Where it is filled.
  var partialPath: String { path + ".partial" }

  private var replacedPath: String { path + ".replaced.partial" }

  /// Whether something has the final path.
  var exists: Bool { access(path, F_OK) == 0 }

  /// Writes a file, making the folders on its way.
  ///
  /// - Throws: ``FramingError`` of kind `output`, such as when the disk is full.
  func write(_ bytes: [UInt8], to name: String) throws(FramingError) {
    let file = "\(partialPath)/\(name)"
    var descriptor = Self.create(file)
    if descriptor < 0 && errno == ENOENT {
      try Self.makeFolder(PathName.folder(file))
      descriptor = Self.create(file)
    }
    guard descriptor >= 0 else { throw TreeJournal.failure(file, "cannot be created") }
    do throws(FramingError) {
      try Self.write(bytes, to: descriptor, file)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw TreeJournal.failure(file, "cannot be written") }
  }

  /// Flushes everything to the disk and gives the folder its name; what had it before disappears.
  ///
  /// - Throws: ``FramingError`` of kind `output`.
  func commit() throws(FramingError) {
    try Self.makeFolder(partialPath)
    sync()  // one flush of everything is far quicker than one for each of so many files
    try Self.flush(partialPath)
    if exists {
      try? FileManager.default.removeItem(atPath: replacedPath)
      guard rename(path, replacedPath) == 0 else {
        throw TreeJournal.failure(path, "cannot be replaced")
      }
    }
    guard rename(partialPath, path) == 0 else {
      throw TreeJournal.failure(partialPath, "cannot be renamed to \(path)")
    }
    try Self.flush(PathName.folder(path))
    try? FileManager.default.removeItem(atPath: replacedPath)
  }

  /// Removes what was filled so far.
  func discard() throws(FramingError) {
    guard access(partialPath, F_OK) == 0 else { return }
    do {
      try FileManager.default.removeItem(atPath: partialPath)
    } catch {
      throw FramingError(.output, "cannot be emptied; remove it by hand", path: partialPath)
    }
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws(FramingError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FramingError(.output, "the folder cannot be made; check its permissions", path: path)
    }
  }

  /// Writes all bytes to an open file.
  static func write(
    _ bytes: [UInt8],
    to descriptor: Int32,
    _ path: String
  ) throws(FramingError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw TreeJournal.failure(path, "cannot be written") }
      done += count
    }
  }

  private static func create(_ path: String) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  }

  /// Flushes a folder's own entries to the disk.
  private static func flush(_ path: String) throws(FramingError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TreeJournal.failure(path, "cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw TreeJournal.failure(path, "cannot be flushed to the disk")
    }
  }
}
