import Foundation

extension RecordingCatalog {
  /// Finds the samples of a dataset, a folder, or single recordings.
  ///
  /// - Parameters:
  ///   - inputs: One dataset's root (or its `extract`, `events_np` …), one folder per class, or
  ///     recordings.
  ///   - kind: What the inputs are; nil decides from the files.
  /// - Throws: ``FramingError``: `missing`, `inputOutput`, `usage` for inputs that do not go
  ///   together, `corrupt` where nothing is found.
  public static func open(
    _ inputs: [String],
    kind: DatasetKind? = nil
  ) throws(FramingError) -> RecordingCatalog {
    let inputs = inputs.map(withoutTrailingSlash)
    for input in inputs where !FileManager.default.fileExists(atPath: input) {
      throw FramingError(.missing, "there is no such file or folder", path: input)
    }
    let areFolders = inputs.map(FolderListing.isFolder)
    if areFolders == [true] { return try openRoot(inputs[0], kind: kind) }
    guard kind == nil || kind == (areFolders.contains(true) ? .folder : .recording) else {
      throw FramingError(.usage, "a dataset is one folder; \(inputs.count) inputs were given")
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

  // MARK: Files

  private static func recordings(_ paths: [String]) -> RecordingCatalog {
    var parts = CatalogParts()
    parts.classNames = ["recording"]
    parts.recordings = paths
    parts.samples = paths.enumerated().map { index, path in
      let file = (path as NSString).lastPathComponent
      return CatalogSample(name: FolderListing.stem(file), label: 0, recording: index)
    }
    return RecordingCatalog(parts, kind: .recording, root: "")
  }

  /// One folder per class.
  private static func classFolders(_ paths: [String]) throws(FramingError) -> RecordingCatalog {
    var parts = CatalogParts()
    parts.classNames = paths.map { ($0 as NSString).lastPathComponent }
    for (label, path) in paths.enumerated() {
      let listing = try FolderListing(path)
      for file in listing.files {
        guard FolderListing.isRecording(file) else {
          parts.ignored.append("\(path)/\(file)")
          continue
        }
        let name = "\(parts.classNames[label])/\(FolderListing.stem(file))"
        parts.samples.append(
          CatalogSample(name: name, label: label, recording: parts.recordings.count)
        )
        parts.recordings.append("\(path)/\(file)")
      }
    }
    return try checked(RecordingCatalog(parts, kind: .folder, root: ""), paths[0])
  }

  // MARK: Folders

  private static func openRoot(
    _ root: String,
    kind: DatasetKind?
  ) throws(FramingError) -> RecordingCatalog {
    let wanted = kind.map { [$0] } ?? [.dvs128Gesture, .nMNIST, .cifar10DVS, .folder]
    for kind in wanted {
      if let (folder, parts) = try read(root, as: kind) {
        let catalog = RecordingCatalog(parts, kind: kind, root: folder)
        if !catalog.samples.isEmpty || !catalog.problems.isEmpty { return catalog }
      }
    }
    throw FramingError(.corrupt, "\(notFound(kind))", path: root)
  }

  private static func checked(
    _ catalog: RecordingCatalog,
    _ root: String
  ) throws(FramingError) -> RecordingCatalog {
    guard !catalog.samples.isEmpty else {
      throw FramingError(.corrupt, notFound(catalog.kind), path: root)
    }
    return catalog
  }

  /// Reads a root as a kind of dataset; nil where it does not look like one.
  private static func read(
    _ root: String,
    as kind: DatasetKind
  ) throws(FramingError) -> (String, CatalogParts)? {
    switch kind {
    case .dvs128Gesture:
      if let folder = GestureCatalog.folder(in: root) {
        return (folder, try GestureCatalog.read(folder))
      }
      return try events(root, kind)
    case .nMNIST:
      if let folder = existing(root, ["Train/0", "Test/0", "Train", "Test"], hasDigits) {
        return (folder, try ClassFolderCatalog(extensions: ["bin"]).read(folder))
      }
      return try events(root, kind)
    case .cifar10DVS:
      if let folder = existing(root, DatasetKind.cifarNames, hasCifarRecordings) {
        return (folder, try ClassFolderCatalog(extensions: ["aedat"]).read(folder))
      }
      return try events(root, kind)
    case .folder: return try classFolder(root)
    case .recording:
      throw FramingError(.usage, "this is a folder; --dataset recording takes files", path: root)
    }
  }

  /// The root, or its `extract`, if it holds one of some folders and passes a test.
  private static func existing(
    _ root: String,
    _ names: [String],
    _ test: (String) -> Bool
  ) -> String? {
    [root, "\(root)/extract"].first { folder in
      names.contains { FolderListing.isFolder("\(folder)/\($0)") } && test(folder)
    }
  }

  private static func hasDigits(_ folder: String) -> Bool {
    ["Train", "Test"].contains { part in
      let digits = (try? FolderListing("\(folder)/\(part)"))?.folders ?? []
      return !digits.isEmpty && digits.allSatisfy { Int($0).map { (0...9).contains($0) } ?? false }
        && digits.contains { digit in
          let files = (try? FolderListing("\(folder)/\(part)/\(digit)"))?.files ?? []
          return files.contains { $0.hasSuffix(".bin") }
        }
    }
  }

  private static func hasCifarRecordings(_ folder: String) -> Bool {
    DatasetKind.cifarNames.contains { name in
      let files = (try? FolderListing("\(folder)/\(name)"))?.files ?? []
      return files.contains { $0.hasPrefix("cifar10_\(name)_") && $0.hasSuffix(".aedat") }
    }
  }

  /// SpikingJelly's tree of event columns, recognised by its classes.
  private static func events(
    _ root: String,
    _ kind: DatasetKind
  ) throws(FramingError) -> (String, CatalogParts)? {
    let folder = FolderListing.isFolder("\(root)/events_np") ? "\(root)/events_np" : root
    let names = kind == .dvs128Gesture ? DatasetKind.gestureNames : nil
    let parts = try ClassFolderCatalog(extensions: ["npz"], classNames: names).read(folder)
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
    return classes == expected ? (folder, parts) : nil
  }

  /// Class folders, or recordings directly in the root, which then is the only class.
  private static func classFolder(
    _ root: String
  ) throws(FramingError) -> (String, CatalogParts)? {
    for folder in [root, "\(root)/extract", "\(root)/events_np"]
    where FolderListing.isFolder(folder) {
      let parts = try ClassFolderCatalog().read(folder)
      if !parts.samples.isEmpty { return (folder, parts) }
    }
    let listing = try FolderListing(root)
    var parts = CatalogParts()
    parts.classNames = [(root as NSString).lastPathComponent]
    parts.recordings = listing.files.filter { FolderListing.isRecording($0) }
    parts.ignored = listing.files.filter { !FolderListing.isRecording($0) }
    parts.samples = parts.recordings.enumerated().map { index, file in
      CatalogSample(name: FolderListing.stem(file), label: 0, recording: index)
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
    return "no recordings were found; expected \(expected), here or in extract/"
  }
}
