import EventIO
import Foundation

/// Looks whether a dataset's files are there, whole, rightly nested, and as many as there should be.
public struct DatasetCheckup: Sendable {
  /// The folder of the dataset.
  public let root: String
  private let kind: DatasetKind?
  private let jobs: Int
  private let readsContent: Bool
  private let truths: [DatasetTruth]

  /// Plans a checkup.
  ///
  /// - Parameters:
  ///   - root: The folder, or what holds `download`, `extract` and `events_np`.
  ///   - kind: The dataset; nil decides from the files.
  ///   - jobs: Recordings that are decoded at a time.
  ///   - readsContent: Whether recordings are decoded, and archives compared with their digests.
  public init(_ root: String, kind: DatasetKind? = nil, jobs: Int, readsContent: Bool = true) {
    self.init(
      root,
      kind: kind,
      jobs: jobs,
      readsContent: readsContent,
      truths: [.dvs128Gesture, .cifar10DVS, .nMNIST]
    )
  }

  package init(
    _ root: String,
    kind: DatasetKind?,
    jobs: Int,
    readsContent: Bool,
    truths: [DatasetTruth]
  ) {
    var root = root
    while root.count > 1 && root.hasSuffix("/") { root.removeLast() }
    self.root = root
    self.kind = kind
    self.jobs = max(1, jobs)
    self.readsContent = readsContent
    self.truths = truths
  }

  /// Looks at everything.
  ///
  /// - Parameter progress: Called after every recording, with the number that is done and of all.
  /// - Throws: ``FramingError`` of kind `missing` or `inputOutput` for the root itself;
  ///   `CancellationError`.
  public func run(
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws -> CheckupReport {
    guard !FolderListing.isFile(root) else {
      throw FramingError(.usage, "this is a file; name the folder that it is in", path: root)
    }
    _ = try FolderListing(root)
    var archives = PublishedArchives(root, truths)
    var findings = readsContent ? try archives.check() : []
    archives = archives.without(findings)
    var catalog: RecordingCatalog?
    do throws(FramingError) {
      catalog = try find(&findings)
    } catch {
      findings.append(archives.finding(error))
    }
    let kind = catalog?.kind ?? self.kind
    var report = CheckupReport(dataset: kind?.rawValue ?? "unknown", root: catalog?.root ?? root)
    let truth = truths.first { $0.kind == kind }
    if let catalog {
      report.count(catalog)
      if catalog.isArchived { archives = archives.readInPlace() }
      findings += StructureCheck(catalog, truth, archives).findings
      if readsContent {
        let content = try await ContentCheck(catalog, jobs: jobs, archives).run(progress: progress)
        findings += content.findings
        report.events = content.events
      }
      if let geometry = kind?.geometry ?? Self.geometry(of: catalog) {
        let room = RoomEstimate(catalog, geometry: geometry, folder: root)
        findings += room.findings(root)
        report.room = room
      }
    }
    if let truth { findings += TreeCheck(root, truth, readsContent: readsContent).findings }
    report.findings = findings
    return report
  }

  /// The dataset where it should be, or else deeper, which is a finding.
  private func find(_ findings: inout [Finding]) throws(FramingError) -> RecordingCatalog? {
    do throws(FramingError) {
      let catalog = try RecordingCatalog.open([root], kind: kind)
      if let lists = missingLists(catalog) { findings.append(lists) }
      return catalog
    } catch {
      guard [.nothingFound, .corrupt].contains(error.kind), error.path == root else { throw error }
      guard let deeper = NestedDataset(root, kind) else {
        findings.append(nothing(error))
        return nil
      }
      findings.append(deeper.finding)
      return try RecordingCatalog.open([deeper.folder], kind: deeper.kind)
    }
  }

  private func nothing(_ error: FramingError) -> Finding {
    Finding(
      .missing,
      root,
      error.reason,
      remedy: "put the dataset's files, or the archives as downloaded, into \(ShellPath(root))"
    )
  }

  /// Recordings of DVS128 Gesture without the lists that say which are for training.
  private func missingLists(_ catalog: RecordingCatalog) -> Finding? {
    guard catalog.kind == .folder,
      let first = catalog.recordings.first(where: { $0.hasSuffix(".aedat") }),
      PathName.last(first).hasPrefix("user")
    else { return nil }
    return Finding(
      .missing,
      catalog.source(ofRecording: 0).name,
      "this looks like DVS128 Gesture, but trials_to_train.txt and trials_to_test.txt are missing",
      remedy: "tar -xzf DvsGesture.tar.gz DvsGesture/trials_to_train.txt "
        + "DvsGesture/trials_to_test.txt"
    )
  }

  private static func geometry(of catalog: RecordingCatalog) -> SensorGeometry? {
    try? catalog.geometry(reading: ReadOptions())
  }
}

/// A dataset that lies in a folder below the one where it is looked for.
struct NestedDataset {
  let folder: String
  let kind: DatasetKind
  private let root: String

  /// Looks at folders up to three levels down.
  init?(_ root: String, _ wanted: DatasetKind?) {
    self.root = root
    var level = [""]
    for _ in 0..<3 {
      var below: [String] = []
      for folder in level {
        let tree = FileTree(folder: folder.isEmpty ? root : "\(root)/\(folder)")
        let folders = (try? tree.listing())?.folders ?? []
        below += folders.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
      }
      for folder in below {
        let path = "\(root)/\(folder)"
        let catalog = try? RecordingCatalog.open([path], kind: wanted)
        if let catalog, catalog.kind.geometry != nil || wanted != nil {
          (self.folder, kind) = (path, catalog.kind)
          return
        }
      }
      level = below
      if below.count > 10_000 { return nil }
    }
    return nil
  }

  var finding: Finding {
    let target = root == PathName.last(folder) ? "." : root
    return Finding(
      .nested,
      folder,
      "the dataset lies in \(folder), deeper than it should",
      remedy: "mv -n \(ShellPath(folder))/* \(ShellPath(target))/"
    )
  }
}
