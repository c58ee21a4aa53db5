import EventIO

/// Recordings that label files cut into samples: `NAME.aedat` and `NAME_labels.csv` in one folder.
enum LabelledCatalog {
  /// Reads a folder; nil if no recording in it has a label file.
  ///
  /// A recording without labels is a problem, as is a label file that cannot be read.
  static func read(_ tree: FileTree) throws(FramingError) -> CatalogParts? {
    let listing = try tree.listing()
    let present = Set(listing.files)
    let recordings = listing.files.filter { FolderListing.isRecording($0) }
    guard recordings.contains(where: { present.contains(LabelTable.name(of: $0)) }) else {
      return nil
    }
    var tables: [(recording: String, table: LabelTable)] = []
    var parts = CatalogParts()
    for recording in recordings {
      do throws(FramingError) {
        let file = LabelTable.name(of: recording)
        guard present.contains(file) else {
          throw FramingError(
            .missing,
            "the recording has no \(file), and others here have one; write it, or move it away",
            path: tree.path(of: recording)
          )
        }
        tables.append((recording, try LabelTable(tree.source(of: file), classes: .any)))
      } catch {
        parts.problems.append(error)
      }
    }
    let used = Set(recordings + recordings.map(LabelTable.name))
    parts.ignored = listing.files.filter { !used.contains($0) } + listing.folders.map { "\($0)/" }
    fill(&parts, tables)
    return parts
  }

  /// Cuts one recording by a label file of any name.
  static func read(_ recording: String, labels path: String) throws(FramingError) -> CatalogParts {
    let table = try LabelTable(.file(path), classes: .any)
    var parts = CatalogParts()
    fill(&parts, [(recording, table)])
    return parts
  }

  private static func fill(
    _ parts: inout CatalogParts,
    _ tables: [(recording: String, table: LabelTable)]
  ) {
    parts.classNames = classNames(Set(tables.flatMap { $0.table.rows.map(\.className) }))
    let labels = Dictionary(
      uniqueKeysWithValues: parts.classNames.enumerated().map { ($1, $0) }
    )
    for (recording, table) in tables {
      let stem = PathName.stem(PathName.last(recording))
      var counts: [String: Int] = [:]
      for row in table.rows {
        let number = counts[row.className, default: 0]
        counts[row.className] = number + 1
        parts.samples.append(
          CatalogSample(
            name: "\(row.className)/\(stem)_\(number)",
            label: labels[row.className] ?? 0,
            recording: parts.recordings.count,
            window: row.window
          )
        )
      }
      parts.recordings.append(recording)
    }
  }

  /// Classes in the order of their labels: numbers by value if all are, or else words by bytes.
  private static func classNames(_ names: Set<String>) -> [String] {
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count else {
      return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    return numbers.sorted().map { "\($0)" }
  }
}
