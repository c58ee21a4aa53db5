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
    let areFolders = names.map { Self.isFolder("\(path)/\($0)") }
    self.init(
      path,
      folders: zip(names, areFolders).filter(\.1).map(\.0),
      files: zip(names, areFolders).filter { !$0.1 }.map(\.0)
    )
  }

  /// What is known to be in a folder, in any order.
  init(_ path: String, folders: [String], files: [String]) {
    self.path = path
    self.folders = folders.filter { !$0.hasPrefix(".") && $0 != "__MACOSX" }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.files = files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
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

  /// The last part of a path.
  static func lastPart(_ path: String) -> String {
    (path as NSString).lastPathComponent
  }

  /// A name without its ending.
  static func stem(_ name: String) -> String {
    (name as NSString).deletingPathExtension
  }
}
