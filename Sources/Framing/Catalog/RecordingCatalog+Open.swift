import EventIO
import Foundation

extension RecordingCatalog {
  /// Finds the samples of a dataset, a folder, or single recordings.
  ///
  /// - Parameters:
  ///   - inputs: One dataset's root (or its `extract`, `events_np` …), its archives or the folder
  ///     that holds them, one folder per class, or recordings.
  ///   - kind: What the inputs are; nil decides from the files.
  ///   - labels: A label file that cuts the one recording that is the input.
  /// - Throws: ``FramingError``: `missing`, `nothingFound`, `inputOutput`, `corrupt` for archives,
  ///   `usage` for inputs that do not go together.
  public static func open(
    _ inputs: [String],
    kind: DatasetKind? = nil,
    labels: String? = nil
  ) throws(FramingError) -> RecordingCatalog {
    let inputs = inputs.map(withoutTrailingSlash)
    for input in inputs where !FileManager.default.fileExists(atPath: input) {
      throw FramingError(.missing, "there is no such file or folder", path: input)
    }
    let areFolders = inputs.map(FolderListing.isFolder)
    if let labels { return try labelled(inputs, areFolders, kind, labels) }
    if areFolders == [true] { return try openRoot(inputs[0], kind: kind) }
    if !areFolders.contains(true), inputs.allSatisfy(isArchive) {
      return try openArchives(inputs, kind: kind)
    }
    guard kind == nil || kind == (areFolders.contains(true) ? .folder : .recording) else {
      throw FramingError(.usage, "a dataset is one folder; \(inputs.count) inputs were given")
    }
    guard !inputs.contains(where: isArchive) else {
      throw FramingError(.usage, "the inputs mix archives and other files; convert them apart")
    }
    if !areFolders.contains(true) { return recordings(inputs) }
    guard !areFolders.contains(false) else {
      throw FramingError(
        .usage,
        "the inputs mix folders and files; give recordings, or one folder per class"
      )
    }
    return try classFolders(inputs)
  }

  private static func withoutTrailingSlash(_ path: String) -> String {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func isArchive(_ path: String) -> Bool {
    ArchiveTree.isArchive(PathName.last(path)) && FolderListing.isFile(path)
  }

  // MARK: Files

  private static func recordings(_ paths: [String]) -> RecordingCatalog {
    var parts = CatalogParts()
    parts.classNames = ["recording"]
    parts.recordings = paths
    parts.samples = paths.enumerated().map { index, path in
      let file = PathName.last(path)
      return CatalogSample(name: PathName.stem(file), label: 0, recording: index)
    }
    return RecordingCatalog(parts, kind: .recording, tree: nil)
  }

  /// One recording cut by a label file.
  private static func labelled(
    _ inputs: [String],
    _ areFolders: [Bool],
    _ kind: DatasetKind?,
    _ labels: String
  ) throws(FramingError) -> RecordingCatalog {
    guard areFolders == [false], kind == nil || kind == .recording else {
      throw FramingError(
        .usage,
        "--labels takes one recording; in a folder put NAME_labels.csv beside every recording"
      )
    }
    let parts = try LabelledCatalog.read(inputs[0], labels: labels)
    return RecordingCatalog(parts, kind: .recording, tree: nil)
  }

  /// One folder per class.
  private static func classFolders(_ paths: [String]) throws(FramingError) -> RecordingCatalog {
    var parts = CatalogParts()
    parts.classNames = paths.map(PathName.last)
    for (label, path) in paths.enumerated() {
      let listing = try FolderListing(path)
      for file in listing.files {
        guard FolderListing.isRecording(file) else {
          parts.ignored.append("\(path)/\(file)")
          continue
        }
        let name = "\(parts.classNames[label])/\(PathName.stem(file))"
        parts.samples.append(
          CatalogSample(name: name, label: label, recording: parts.recordings.count)
        )
        parts.recordings.append("\(path)/\(file)")
      }
    }
    let catalog = RecordingCatalog(parts, kind: .folder, tree: nil)
    guard !catalog.samples.isEmpty else {
      throw FramingError(.nothingFound, notFound(catalog.kind), path: paths[0])
    }
    return catalog
  }

  // MARK: Datasets

  private static func openRoot(
    _ root: String,
    kind: DatasetKind?
  ) throws(FramingError) -> RecordingCatalog {
    if let catalog = try find(kind, in: FileTree(folder: root)) { return catalog }
    for folder in [root, "\(root)/download"] where FolderListing.isFolder(folder) {
      let archives = try FolderListing(folder).files.filter(ArchiveTree.isArchive)
      if !archives.isEmpty {
        return try openArchives(archives.map { "\(folder)/\($0)" }, kind: kind)
      }
    }
    throw FramingError(.nothingFound, notFound(kind), path: root)
  }

  private static func openArchives(
    _ paths: [String],
    kind: DatasetKind?
  ) throws(FramingError) -> RecordingCatalog {
    let tree = try FileTree(archives: paths)
    if let catalog = try find(kind, in: tree) { return catalog }
    throw FramingError(.corrupt, notFound(kind), path: tree.root)
  }

  /// The first kind of dataset that a tree holds; nil if it holds none.
  private static func find(
    _ kind: DatasetKind?,
    in root: FileTree
  ) throws(FramingError) -> RecordingCatalog? {
    for kind in kind.map({ [$0] }) ?? [.dvs128Gesture, .nMNIST, .cifar10DVS, .folder] {
      if let (tree, parts) = try read(root, as: kind) {
        let catalog = RecordingCatalog(parts, kind: kind, tree: tree)
        if !catalog.samples.isEmpty || !catalog.problems.isEmpty { return catalog }
      }
    }
    return nil
  }

  /// Reads a root as a kind of dataset; nil where it does not look like one.
  private static func read(
    _ root: FileTree,
    as kind: DatasetKind
  ) throws(FramingError) -> (FileTree, CatalogParts)? {
    switch kind {
    case .dvs128Gesture:
      if let tree = GestureCatalog.find(in: root) { return (tree, try GestureCatalog.read(tree)) }
      return try events(root, kind)
    case .nMNIST:
      if let tree = existing(root, ["Train", "Test"], hasDigits) {
        return (tree, try ClassFolderCatalog(extensions: ["bin"]).read(tree))
      }
      return try events(root, kind)
    case .cifar10DVS:
      if let tree = existing(root, DatasetKind.cifarNames, hasCifarRecordings) {
        return (tree, try ClassFolderCatalog(extensions: ["aedat"]).read(tree))
      }
      return try events(root, kind)
    case .folder: return try classFolder(root)
    case .recording:
      throw FramingError(
        .usage,
        "this is a folder or an archive; --dataset recording takes recordings",
        path: root.root
      )
    }
  }

  /// The root, or its `extract`, if it holds one of some folders and passes a test.
  private static func existing(
    _ root: FileTree,
    _ names: [String],
    _ test: (FileTree) -> Bool
  ) -> FileTree? {
    [root, root.folder("extract")].first { tree in
      names.contains(where: tree.isFolder) && test(tree)
    }
  }

  private static func hasDigits(_ tree: FileTree) -> Bool {
    ["Train", "Test"].contains { part in
      let digits = (try? tree.listing(part))?.folders ?? []
      return !digits.isEmpty && digits.allSatisfy { Int($0).map { (0...9).contains($0) } ?? false }
        && digits.contains { digit in
          let files = (try? tree.listing("\(part)/\(digit)"))?.files ?? []
          return files.contains { $0.hasSuffix(".bin") }
        }
    }
  }

  private static func hasCifarRecordings(_ tree: FileTree) -> Bool {
    DatasetKind.cifarNames.contains { name in
      let files = (try? tree.listing(name))?.files ?? []
      return files.contains { $0.hasPrefix("cifar10_\(name)_") && $0.hasSuffix(".aedat") }
    }
  }

  /// SpikingJelly's tree of event columns, recognised by its classes.
  private static func events(
    _ root: FileTree,
    _ kind: DatasetKind
  ) throws(FramingError) -> (FileTree, CatalogParts)? {
    let tree = root.isFolder("events_np") ? root.folder("events_np") : root
    let names = kind == .dvs128Gesture ? DatasetKind.gestureNames : nil
    let parts = try ClassFolderCatalog(extensions: ["npz"], classNames: names).read(tree)
    let classes = Set(
      parts.samples.compactMap { sample in
        parts.recordings[sample.recording].split(separator: "/").dropLast().last.map(String.init)
      }
    )
    let expected: Set<String> =
      switch kind {
      case .dvs128Gesture: Set((0..<11).map(String.init))
      case .nMNIST: Set((0..<10).map(String.init))
      default: Set(DatasetKind.cifarNames)
      }
    return classes == expected ? (tree, parts) : nil
  }

  /// Class folders, or recordings directly in the root: with label files, or else of one class.
  private static func classFolder(
    _ root: FileTree
  ) throws(FramingError) -> (FileTree, CatalogParts)? {
    for folder in ["", "extract", "events_np"] where folder.isEmpty || root.isFolder(folder) {
      let tree = root.folder(folder)
      let parts = try ClassFolderCatalog().read(tree)
      if !parts.samples.isEmpty { return (tree, parts) }
    }
    if let parts = try LabelledCatalog.read(root) { return (root, parts) }
    let listing = try root.listing()
    var parts = CatalogParts()
    parts.classNames = [PathName.stem(PathName.last(root.root))]
    parts.recordings = listing.files.filter { FolderListing.isRecording($0) }
    parts.ignored = listing.files.filter { !FolderListing.isRecording($0) }
    parts.samples = parts.recordings.enumerated().map { index, file in
      CatalogSample(name: PathName.stem(file), label: 0, recording: index)
    }
    return parts.samples.isEmpty ? nil : (root, parts)
  }

  private static func notFound(_ kind: DatasetKind?) -> String {
    let expected =
      switch kind {
      case .dvs128Gesture: "DvsGesture/ with trials_to_train.txt and user*.aedat"
      case .nMNIST: "Train/ and Test/ with a folder of .bin files per digit"
      case .cifar10DVS: "a folder of cifar10_<class>_<number>.aedat files per class"
      case .folder, .recording, nil: "a folder of recordings per class"
      }
    return "no recordings were found; expected \(expected), here, in extract/, or in archives here "
      + "or in download/"
  }
}
