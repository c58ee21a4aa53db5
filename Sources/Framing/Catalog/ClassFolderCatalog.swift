import EventIO

/// Datasets with a folder per class, perhaps below folders for training and test.
struct ClassFolderCatalog {
  /// Endings of recordings; nil takes every format that can be read.
  var extensions: Set<String>?
  /// Class names in the order of their labels; nil sorts the folders that are found by name.
  var classNames: [String]?

  /// Reads a tree `class/recording` or `train/class/recording`.
  func read(_ tree: FileTree) throws(FramingError) -> CatalogParts {
    let listing = try tree.listing()
    let parts = listing.folders.compactMap { folder in
      OfficialPart(folder: folder).map { (folder, $0) }
    }
    var branches: [Branch] = []
    var catalog = CatalogParts()
    catalog.ignored = listing.files
    if parts.isEmpty {
      branches = [Branch(folder: "", part: nil, classes: listing.folders)]
    } else {
      for (folder, part) in parts {
        let below = try tree.listing(folder)
        catalog.ignored += below.files.map { "\(folder)/\($0)" }
        branches.append(Branch(folder: folder + "/", part: part, classes: below.folders))
      }
    }
    try fill(&catalog, tree, branches)
    return catalog
  }

  /// The class folders of one part.
  private struct Branch {
    let folder: String
    let part: OfficialPart?
    let classes: [String]
  }

  private func fill(
    _ catalog: inout CatalogParts,
    _ tree: FileTree,
    _ branches: [Branch]
  ) throws(FramingError) {
    var found: [(branch: Branch, name: String, files: [String])] = []
    for branch in branches {
      for name in branch.classes {
        let folder = "\(branch.folder)\(name)"
        let listing = try tree.listing(folder)
        let files = listing.files.filter(isRecording)
        catalog.ignored += listing.files.filter { !isRecording($0) }.map { "\(folder)/\($0)" }
        catalog.ignored += listing.folders.map { "\(folder)/\($0)/" }
        if !files.isEmpty { found.append((branch, name, files)) }
      }
    }
    let present = Set(found.map(\.name))
    catalog.classNames =
      classNames ?? present.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for (branch, name, files) in found {
      guard let label = label(of: name, in: catalog.classNames) else {
        catalog.ignored.append("\(branch.folder)\(name)/")
        continue
      }
      let part = branch.part.map { $0.rawValue + "/" } ?? ""
      for file in files {
        catalog.samples.append(
          CatalogSample(
            name: "\(part)\(name)/\(PathName.stem(file))",
            label: label,
            part: branch.part,
            recording: catalog.recordings.count
          )
        )
        catalog.recordings.append("\(branch.folder)\(name)/\(file)")
      }
    }
  }

  private func isRecording(_ file: String) -> Bool {
    FolderListing.isRecording(file, extensions: extensions ?? FolderListing.recordingExtensions)
  }

  /// A label by name; where the names were given, a number from 0 serves as well.
  private func label(of folder: String, in names: [String]) -> Int? {
    if let label = names.firstIndex(of: folder) { return label }
    guard classNames != nil, let number = Int(folder), names.indices.contains(number) else {
      return nil
    }
    return number
  }
}
