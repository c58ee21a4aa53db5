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
    do {
      let entries = try FolderEntries(path)
      self.init(path, folders: entries.folders, files: entries.files)
    } catch {
      throw FramingError(error)
    }
  }

  /// What is known to be in a folder, in any order.
  init(_ path: String, folders: [String], files: [String]) {
    self.path = path
    self.folders = folders.filter { !$0.hasPrefix(".") && $0 != "__MACOSX" }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.files = files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Says whether a path is a folder.
  static func isFolder(_ path: String) -> Bool { type(of: path) == S_IFDIR }

  /// Says whether a path is a file, or anything else that is not a folder.
  static func isFile(_ path: String) -> Bool { type(of: path).map { $0 != S_IFDIR } ?? false }

  /// What a path leads to, as `stat` says it; nil if it leads nowhere.
  private static func type(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// The endings of recordings that can be read, lower case, without the dot.
  static let recordingExtensions = Set(RecordingFormats.all.flatMap { $0.fileExtensions })

  /// Says whether a file is a recording by its name.
  static func isRecording(_ name: String, extensions: Set<String> = recordingExtensions) -> Bool {
    !name.hasPrefix(".") && extensions.contains(PathName.fileExtension(name).lowercased())
  }
}
