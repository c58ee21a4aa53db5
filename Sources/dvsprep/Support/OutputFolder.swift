import Foundation

/// A folder being filled under `path.partial`; it gets its name when it is complete.
///
/// A folder that is never finished is removed again. While one process fills it, another cannot.
final class OutputFolder {
  /// The folder to write to for now.
  let partialPath: String
  private let path: String
  private let lock: Int32
  private var isFinished = false

  /// Creates the folder next to the place where it will appear.
  ///
  /// - Parameters:
  ///   - path: Must not exist, or be an empty folder, or be one that `mayReplace` allows.
  ///   - mayReplace: Says whether an existing folder may go; asked only if it is not empty.
  /// - Throws: ``CommandFailure`` naming the path.
  init(_ path: String, mayReplace: (_ path: String) throws -> Bool) throws {
    self.path = Self.withoutTrailingSlash(path)
    partialPath = self.path + ".partial"
    try Self.checkIsFree(self.path, mayReplace: mayReplace)
    lock = try Self.create(partialPath)
    do {
      // What a killed run left is not trusted.
      for name in try FileManager.default.contentsOfDirectory(atPath: partialPath) {
        try FileManager.default.removeItem(atPath: partialPath + "/" + name)
      }
    } catch {
      close(lock)
      throw CommandFailure(.inputOutput, "\(partialPath): cannot be emptied; remove it by hand")
    }
  }

  deinit {
    if !isFinished { try? FileManager.default.removeItem(atPath: partialPath) }
    close(lock)
  }

  /// Gives the folder its name; what had it before disappears.
  func finish() throws {
    let old = path + ".replaced.partial"
    let exists = access(path, F_OK) == 0
    if exists { try move(path, to: old) }
    do {
      try move(partialPath, to: path)
    } catch {
      if exists { try? move(old, to: path) }
      throw error
    }
    isFinished = true
    if exists { try? FileManager.default.removeItem(atPath: old) }
  }

  private func move(_ source: String, to target: String) throws {
    guard rename(source, target) == 0 else { throw Self.failure("rename to \(target)", source) }
  }

  private static func create(_ path: String) throws -> Int32 {
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("create", path) }
    let lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw failure("open", path) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw CommandFailure(.inputOutput, "\(path): another process is writing here; wait for it")
    }
    return lock
  }

  private static func checkIsFree(
    _ path: String,
    mayReplace: (_ path: String) throws -> Bool
  ) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
      throw CommandFailure(.usage, "\(path): is a file; choose another output folder")
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw failure("read", path)
    }
    guard try names.isEmpty || mayReplace(path) else {
      throw CommandFailure(
        .usage,
        "\(path): exists already; choose another folder or pass --overwrite"
      )
    }
  }

  private static func failure(_ action: String, _ path: String) -> CommandFailure {
    let reason = String(cString: strerror(errno))
    return CommandFailure(
      .inputOutput,
      "\(path): cannot \(action): \(reason); choose another output folder"
    )
  }

  private static func withoutTrailingSlash(_ path: String) -> String {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
