import Foundation

/// Files that are either complete or not there at all.
package enum AtomicFile {
  /// Writes `PATH.partial`, forces it to the disk, and renames it to `path`.
  ///
  /// - Parameters:
  ///   - path: The final name; its folder must exist.
  ///   - body: Writes the content; when it throws, nothing remains.
  package static func write(
    to path: String,
    _ body: (FileHandle) throws -> Void
  ) throws(SpikeNetError) {
    let partial = path + ".partial"
    do {
      guard FileManager.default.createFile(atPath: partial, contents: nil),
        let handle = FileHandle(forWritingAtPath: partial)
      else { throw SystemFailure.last }
      defer { try? handle.close() }
      try body(handle)
      try handle.synchronize()
      guard rename(partial, path) == 0 else {
        throw SystemFailure.last
      }
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      let reason = SystemFailure.reason(error)
      throw SpikeNetError(.inputOutput, "cannot be written: \(reason)", path: path)
    }
    synchronizeFolder(of: path)
  }

  /// Writes text, whole or not at all.
  package static func write(_ text: String, to path: String) throws(SpikeNetError) {
    try write(to: path) { try $0.write(contentsOf: Data(text.utf8)) }
  }

  /// Makes the new name itself durable; a system that cannot do it loses nothing but time.
  private static func synchronizeFolder(of path: String) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
