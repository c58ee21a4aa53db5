import EventIO
import Foundation

/// Compares the names of a dataset's files with what there should be; reads no recording.
struct StructureCheck {
  private let catalog: RecordingCatalog
  private let truth: DatasetTruth?
  private let archives: PublishedArchives
  private static let shownCount = 3

  init(_ catalog: RecordingCatalog, _ truth: DatasetTruth?, _ archives: PublishedArchives) {
    self.catalog = catalog
    self.truth = truth
    self.archives = archives
  }

  /// Everything that differs.
  var findings: [Finding] {
    // What SpikingJelly's events lack is for those to say who made them.
    if PathName.last(catalog.root) == SpikingJellyLayout.events { return problems }
    var findings = problems
    if let truth {
      switch truth.kind {
      case .cifar10DVS: findings += missingOfCIFAR10DVS(truth)
      case .nMNIST: findings += missingOfNMNIST(truth)
      default: break
      }
      findings += counts(truth, isExplained: !findings.isEmpty)
    }
    return findings + extra + strayFolders(beside: findings)
  }

  /// What the catalog stumbled over: lists and label files of DVS128 Gesture.
  private var problems: [Finding] {
    catalog.problems.map { problem in
      let path = problem.path ?? catalog.root
      let reason = [problem.place, problem.reason].compactMap(\.self).joined(separator: ": ")
      let member = "DvsGesture/\(PathName.last(path))"
      return Finding(
        problem.kind == .missing ? .missing : .damaged,
        path,
        reason,
        remedy: catalog.kind == .dvs128Gesture
          ? restoreGesture(member) : "mend \(ShellPath(path)) by hand"
      )
    }
  }

  private func restoreGesture(_ member: String) -> String {
    guard let archive = DatasetTruth.dvs128Gesture.archives.first else { return "" }
    return archives.restore(archive, to: PathName.folder(catalog.root), member: member)
  }

  // MARK: Missing

  private func missingOfCIFAR10DVS(_ truth: DatasetTruth) -> [Finding] {
    let present = Set(catalog.samples.map(\.name))
    return DatasetKind.cifarNames.enumerated().compactMap { label, name in
      let count = truth.parts.first?.perClass?[label] ?? 0
      let missing = (0..<count).filter { !present.contains("\(name)/cifar10_\(name)_\($0)") }
      guard !missing.isEmpty else { return nil }
      let files = missing.map { "cifar10_\(name)_\($0).aedat" }
      if let nested = nested(in: name, "cifar10_\(name)_") { return nested }
      let archive = truth.archives.first { $0.name == "\(name).zip" }
      return Finding(
        .missing,
        "\(catalog.root)/\(name)",
        Self.sentence(files, of: count, "recordings"),
        remedy: archive.map { archives.restore($0, to: catalog.root) } ?? "copy them there"
      )
    }
  }

  /// Numbers run through the digits of a part, so that each missing one is known.
  private func missingOfNMNIST(_ truth: DatasetTruth) -> [Finding] {
    truth.parts.compactMap { part in
      guard let official = part.part else { return nil }
      let folder = official == .train ? "Train" : "Test"
      let present = Set(
        catalog.samples.filter { $0.part == official }.compactMap { sample in
          sample.name.split(separator: "/").last.flatMap { Int($0) }
        }
      )
      let missing = (1...max(1, part.recordings)).filter { !present.contains($0) }
      guard !missing.isEmpty else { return nil }
      let files = missing.map { String(format: "%05d.bin", $0) }
      let nested = (0...9).lazy.compactMap { self.nested(in: "\(folder)/\($0)", "") }.first
      if let nested { return nested }
      let archive = truth.archives.first { $0.name == "\(folder).zip" }
      return Finding(
        .missing,
        "\(catalog.root)/\(folder)",
        Self.sentence(files, of: part.recordings, "recordings"),
        remedy: archive.map { archives.restore($0, to: catalog.root) } ?? "copy them there"
      )
    }
  }

  /// A class folder in a folder of its own name.
  private func nested(in folder: String, _ prefix: String) -> Finding? {
    let name = PathName.last(folder)
    let inner = "\(catalog.root)/\(folder)/\(name)"
    let files = (try? FolderListing(inner))?.files ?? []
    let count = files.filter { $0.hasPrefix(prefix) && FolderListing.isRecording($0) }.count
    guard count > 0 else { return nil }
    return Finding(
      .nested,
      inner,
      "\(count) recordings lie one folder too deep",
      remedy: "mv -n \(ShellPath(inner))/* \(ShellPath("\(catalog.root)/\(folder)"))/"
    )
  }

  /// Folders whose recordings are passed over, unless a finding tells of them already.
  private func strayFolders(beside findings: [Finding]) -> [Finding] {
    let told = findings.filter { $0.kind == .nested }.map(\.path)
    return StrayFolders(catalog).all.compactMap { stray in
      let path = "\(catalog.root)/\(stray.folder)"
      if told.contains(where: { $0 == path || $0.hasPrefix(path + "/") }) { return nil }
      let parent = PathName.folder(path)
      let away = "mv \(ShellPath(path)) ANOTHER_FOLDER/"
      let isDoubled = PathName.last(parent) == PathName.last(path)
      return Finding(
        .nested,
        path,
        "holds \(stray.recordings) recordings where none belong; dvsprep ignores them",
        remedy: isDoubled
          ? "cp -rn \(ShellPath(path))/. \(ShellPath(parent))/ && \(away)" : away
      )
    }
  }

  private static func sentence(_ names: [String], of total: Int, _ what: String) -> String {
    let shown = names.prefix(shownCount).joined(separator: ", ")
    let more = names.count > shownCount ? ", …" : ""
    return "\(names.count) of \(total) \(what) are missing: \(shown)\(more)"
  }

  // MARK: Counts

  /// Parts and classes with another number of samples than published.
  private func counts(_ truth: DatasetTruth, isExplained: Bool) -> [Finding] {
    var findings: [Finding] = []
    for part in truth.parts {
      let samples = catalog.samples.filter { part.part == nil || $0.part == part.part }
      let name = part.part.map { "the \($0.rawValue) part" } ?? "the dataset"
      if let lists = recordings(of: part, truth) {
        findings.append(lists)
      } else if samples.count != part.samples, !isExplained {
        findings.append(count(name, samples.count, part.samples))
      }
      for (label, expected) in (part.perClass ?? []).enumerated() {
        let found = samples.filter { $0.label == label }.count
        if found > expected || (found != expected && !isExplained) {
          let className =
            catalog.classNames.indices.contains(label) ? catalog.classNames[label] : ""
          findings.append(count("class \(className) of \(name)", found, expected))
        }
      }
    }
    return findings
  }

  private func count(_ what: String, _ found: Int, _ expected: Int) -> Finding {
    Finding(
      .count,
      catalog.root,
      "\(what) has \(found) samples; \(expected) were published",
      remedy: found > expected
        ? "move away what does not belong to the dataset" : "restore the files that are missing"
    )
  }

  /// A list of DVS128 Gesture that leads to more or fewer recordings than published.
  private func recordings(of part: DatasetTruth.Part, _ truth: DatasetTruth) -> Finding? {
    guard truth.kind == .dvs128Gesture, let name = part.part?.rawValue else { return nil }
    let samples = catalog.samples.filter { $0.part == part.part }
    let count = Set(samples.map(\.recording)).count
    guard count != part.recordings else { return nil }
    return Finding(
      .count,
      catalog.root,
      "trials_to_\(name).txt leads to \(count) recordings of \(samples.count) samples; "
        + "\(part.recordings) of \(part.samples) were published",
      remedy: restoreGesture("DvsGesture")
    )
  }

  // MARK: Extra

  /// Files that come with the datasets, and that nobody needs.
  private static let harmless: Set<String> = [
    "README.txt", "LICENSE.txt", "gesture_mapping.csv", "errata.txt", "README.md",
  ]
  private static let rubbish: Set<String> = [".DS_Store", "Thumbs.db", "desktop.ini"]

  private var extra: [Finding] {
    let archives = Set((truth?.archives ?? []).map(\.name))
    let found = catalog.ignored.filter { file in
      let name = PathName.last(file)
      return !Self.harmless.contains(name) && !archives.contains(name)
    }
    let rubbish = found.filter { file in
      let name = PathName.last(file)
      return Self.rubbish.contains(name) || name.hasPrefix("._")
    }
    var findings = rubbish.map { file in
      Finding(
        .extra,
        "\(catalog.root)/\(file)",
        "does not belong here; SpikingJelly would take it for a sample",
        remedy: "rm \(ShellPath("\(catalog.root)/\(file)"))"
      )
    }
    let others = found.filter { !rubbish.contains($0) && !$0.hasSuffix("/") }
    findings += others.map { file in
      Finding(
        .extra,
        "\(catalog.root)/\(file)",
        "does not belong to the dataset; dvsprep ignores it, other programs may not",
        remedy: "mv \(ShellPath("\(catalog.root)/\(file)")) ANOTHER_FOLDER/"
      )
    }
    return findings
  }
}
