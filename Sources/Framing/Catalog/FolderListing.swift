import EventIO
import Foundation

/// What a folder holds, sorted by name.
struct FolderListing {
  /// The folder.
  let path: String
  /// Names of the folders in it.
  let folders: [String]
  /// Names of the files in it.
  let files: [String]

  /// Lists a folder; links count as what they lead to, hidden folders are left out.
  ///
  /// - Throws: ``FramingError`` of kind `missing` or `inputOutput`.
  init(_ path: String) throws(FramingError) {
    self.path = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FramingError(.missing, "there is no such file or folder", path: path)
    }
    guard isFolder.boolValue else {
      throw FramingError(.inputOutput, "this is a file; expected a folder", path: path)
    }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw FramingError(
        .inputOutput,
        "the folder cannot be read; check its permissions",
        path: path
      )
    }
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    folders = sorted.filter { !$0.hasPrefix(".") && Self.isFolder("\(path)/\($0)") }
    files = sorted.filter { !Self.isFolder("\(path)/\($0)") }
  }

  /// Says whether a path is a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Says whether a path is a file, or anything else that is not a folder.
  static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  /// The endings of recordings that can be read, lower case, without the dot.
  static let recordingExtensions = Set(RecordingFormats.all.flatMap { $0.fileExtensions })

  /// Says whether a file is a recording by its name.
  static func isRecording(_ name: String, extensions: Set<String> = recordingExtensions) -> Bool {
    !name.hasPrefix(".") && extensions.contains((name as NSString).pathExtension.lowercased())
  }

  /// A name without its ending.
  static func stem(_ name: String) -> String {
    (name as NSString).deletingPathExtension
  }
}
