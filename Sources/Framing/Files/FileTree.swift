import EventIO
import Foundation

/// The folders and files that a dataset is read from: on disk, or in archives.
struct FileTree: Sendable {
  /// What messages about the tree start with: the folder, or the archives.
  let root: String
  private let archives: ArchiveTree?
  /// The folder in the archives that is the root; empty for their top.
  private let prefix: String

  /// A folder on disk.
  init(folder: String) {
    root = folder
    archives = nil
    prefix = ""
  }

  /// What archives hold, as if they were unpacked into one folder.
  ///
  /// - Throws: ``FramingError`` of any kind that reading or an archive's content gives.
  init(archives paths: [String]) throws(FramingError) {
    root = paths.count == 1 ? paths[0] : Self.commonFolder(of: paths)
    archives = try ArchiveTree(paths)
    prefix = ""
  }

  private init(_ root: String, _ archives: ArchiveTree?, prefix: String) {
    self.root = root
    self.archives = archives
    self.prefix = prefix
  }

  /// Whether the files are in archives.
  var isArchived: Bool { archives != nil }

  /// Links and devices in archives, which are not followed.
  var unreadable: [String] { archives?.others ?? [] }

  /// The tree below a folder; the tree itself for an empty name.
  func folder(_ name: String) -> FileTree {
    if name.isEmpty { return self }
    guard archives != nil else { return FileTree(folder: "\(root)/\(name)") }
    return FileTree(path(of: name), archives, prefix: inner(name))
  }

  /// The path of a file for messages; on disk it can be opened by it.
  func path(of name: String) -> String {
    name.isEmpty ? root : isArchived && prefix.isEmpty ? "\(root): \(name)" : "\(root)/\(name)"
  }

  /// Lists a folder; links on disk count as what they lead to, hidden folders are left out.
  ///
  /// - Throws: ``FramingError`` of kind `missing` or `inputOutput`.
  func listing(_ folder: String = "") throws(FramingError) -> FolderListing {
    guard let archives else { return try FolderListing(path(of: folder)) }
    guard let found = archives.listing(inner(folder)) else {
      throw FramingError(.missing, "there is no such folder", path: path(of: folder))
    }
    return FolderListing(path(of: folder), folders: found.folders, files: found.files)
  }

  /// Says whether there is a folder of a name.
  func isFolder(_ name: String) -> Bool {
    guard let archives else { return FolderListing.isFolder(path(of: name)) }
    return archives.listing(inner(name)) != nil
  }

  /// Says whether there is a file of a name.
  func isFile(_ name: String) -> Bool {
    guard let archives else { return FolderListing.isFile(path(of: name)) }
    return archives.entry(inner(name)) != nil
  }

  /// Where the bytes of a file come from.
  func source(of name: String) -> RecordingSource {
    guard let archives else { return .file(path(of: name)) }
    return archives.entry(inner(name)).map { RecordingSource($0) } ?? .file(path(of: name))
  }

  /// The content of a text file.
  ///
  /// - Throws: ``FramingError`` of kind `missing`, `inputOutput`, or `corrupt` above 16 MiB.
  func text(of name: String) throws(FramingError) -> String {
    do {
      return String(decoding: try source(of: name).bytes(upTo: Self.largestText), as: UTF8.self)
    } catch {
      throw error.at(path(of: name))
    }
  }

  /// The names in the order in which reading them is fastest.
  func inReadingOrder(_ names: [String]) -> [Int] {
    guard let archives else { return Array(names.indices) }
    let positions = names.map { archives.position(of: inner($0)) }
    return names.indices.sorted { (positions[$0], $0) < (positions[$1], $1) }
  }

  private static let largestText = 1 << 24

  private func inner(_ name: String) -> String {
    prefix.isEmpty || name.isEmpty ? prefix + name : "\(prefix)/\(name)"
  }

  private static func commonFolder(of paths: [String]) -> String {
    let folders = Set(paths.map(PathName.folder))
    guard folders.count == 1, let folder = folders.first else { return "archives" }
    return folder
  }
}
