import Foundation
import SpikeNet

/// Checkpoints by the path of a run directory or of a file.
enum CheckpointPath {
  /// The checkpoint that a run continues from.
  static func last(of path: String) -> String {
    isFolder(path) ? RunDirectory(path).last : path
  }

  /// The checkpoint that a run is judged by: what a validation part chose, else the last one.
  static func result(of path: String) throws(SpikeNetError) -> Checkpoint {
    guard isFolder(path) else { return try Checkpoint.read(path) }
    let directory = RunDirectory(path)
    guard directory.hasLast else {
      throw SpikeNetError(
        .missing,
        "has no checkpoints/last.safetensors; expected a run directory or a checkpoint",
        path: path
      )
    }
    let last = try Checkpoint.read(directory.last)
    guard last.progress.history.contains(where: { $0.validationTop1 != nil }) else { return last }
    return try Checkpoint.read(directory.best)
  }

  /// The run directory that a path names, or that a checkpoint lies in.
  static func runDirectory(of path: String) -> RunDirectory? {
    if isFolder(path) { return RunDirectory(path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    guard folder.lastPathComponent == "checkpoints" else { return nil }
    return RunDirectory(folder.deletingLastPathComponent().relativePath)
  }

  /// Whether a path is that of a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
