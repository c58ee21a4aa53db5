import EventIO

/// Folders of recordings in a dataset's folder that no sample comes from.
struct StrayFolders {
  /// A folder, relative to the dataset's, and how many recordings are in it and below.
  struct Stray: Hashable {
    let folder: String
    let recordings: Int
  }

  private let catalog: RecordingCatalog
  /// The folders that samples come from, and those above them.
  private let used: Set<String>
  private let extensions: Set<String>

  /// Deeper than this nobody puts recordings.
  private static let depth = 5
  /// Folders of a dataset's root that have a meaning of their own.
  private static let known: Set<String> = ["download", "extract"]

  init(_ catalog: RecordingCatalog) {
    self.catalog = catalog
    var used: Set<String> = [""]
    for recording in catalog.recordings {
      var folder = PathName.folder(recording)
      while folder != ".", used.insert(folder).inserted { folder = PathName.folder(folder) }
    }
    self.used = used
    extensions = Set(catalog.recordings.map { PathName.fileExtension($0).lowercased() })
  }

  /// The uppermost of such folders, in the order of their names.
  var all: [Stray] { catalog.isArchived ? [] : strays(below: "") }

  private func strays(below folder: String) -> [Stray] {
    children(of: folder).flatMap { child in
      if used.contains(child) { return strays(below: child) }
      let count = recordings(in: child, depth: Self.depth)
      return count == 0 ? [] : [Stray(folder: child, recordings: count)]
    }
  }

  private func children(of folder: String) -> [String] {
    let folders = (try? FolderListing(path(folder)))?.folders ?? []
    guard folder.isEmpty else { return folders.map { "\(folder)/\($0)" } }
    return folders.filter { !Self.known.contains($0) && !TreeCheck.isTree($0) }
  }

  private func recordings(in folder: String, depth: Int) -> Int {
    guard depth > 0, let listing = try? FolderListing(path(folder)) else { return 0 }
    let here = listing.files.count { FolderListing.isRecording($0, extensions: extensions) }
    return listing.folders.reduce(here) { total, below in
      total + recordings(in: "\(folder)/\(below)", depth: depth - 1)
    }
  }

  private func path(_ folder: String) -> String {
    folder.isEmpty ? catalog.root : "\(catalog.root)/\(folder)"
  }
}
