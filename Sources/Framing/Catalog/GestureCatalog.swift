import Foundation

/// DVS128 Gesture: recordings in one folder, a label file beside each, and two lists.
enum GestureCatalog {
  static let lists: [(name: String, part: OfficialPart)] = [
    ("trials_to_train.txt", .train), ("trials_to_test.txt", .test),
  ]

  /// The folder with the lists: the root, or `DvsGesture` or `extract/DvsGesture` in it.
  static func folder(in root: String) -> String? {
    let candidates = ["", "/DvsGesture", "/extract", "/extract/DvsGesture"].map { root + $0 }
    return candidates.first { folder in
      lists.contains { FolderListing.isFile("\(folder)/\($0.name)") }
    }
  }

  /// Reads the lists and the label files.
  static func read(_ folder: String) throws(FramingError) -> CatalogParts {
    let listing = try FolderListing(folder)
    var parts = CatalogParts()
    parts.classNames = DatasetKind.gestureNames
    var used = Set(lists.map(\.name))
    for (list, part) in lists {
      do throws(FramingError) {
        for name in try names(in: "\(folder)/\(list)") {
          guard used.insert(name).inserted else {
            throw FramingError(
              .corrupt,
              "\(name) is listed twice",
              path: "\(folder)/\(list)"
            )
          }
          used.insert(labelFile(of: name))
          add(name, part, folder, to: &parts)
        }
      } catch {
        parts.problems.append(error)
      }
    }
    parts.ignored = listing.files.filter { !used.contains($0) }
    return parts
  }

  private static func labelFile(of recording: String) -> String {
    FolderListing.stem(recording) + "_labels.csv"
  }

  /// The recordings of a list, one name a line.
  private static func names(in path: String) throws(FramingError) -> [String] {
    try requireReadableFile(path)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FramingError(.inputOutput, "the file cannot be read", path: path)
    }
    var names: [String] = []
    let lines = String(decoding: data, as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let name = line.trimmingCharacters(in: .whitespaces)
      if name.isEmpty { continue }
      guard name.hasSuffix(".aedat"), !name.contains("/"), !name.hasPrefix(".") else {
        throw FramingError(
          .corrupt,
          "'\(name.prefix(80))' is not the name of an .aedat file in this folder",
          path: path,
          place: "line \(index + 1)"
        )
      }
      names.append(name)
    }
    return names
  }

  private static func add(
    _ name: String,
    _ part: OfficialPart,
    _ folder: String,
    to parts: inout CatalogParts
  ) {
    let table: LabelTable
    do throws(FramingError) {
      guard FolderListing.isFile("\(folder)/\(name)") else {
        throw FramingError(
          .missing,
          "the recording is listed, but not there",
          path: "\(folder)/\(name)"
        )
      }
      table = try LabelTable(
        path: "\(folder)/\(labelFile(of: name))",
        classCount: parts.classNames.count
      )
    } catch {
      parts.problems.append(error)
      return
    }
    var counts: [Int: Int] = [:]
    for row in table.rows {
      let label = row.gesture - 1
      let number = counts[label, default: 0]
      counts[label] = number + 1
      parts.samples.append(
        CatalogSample(
          name: "\(part.rawValue)/\(label)/\(FolderListing.stem(name))_\(number)",
          label: label,
          part: part,
          recording: parts.recordings.count,
          window: row.window
        )
      )
    }
    parts.recordings.append(name)
  }
}
