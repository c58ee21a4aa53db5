import EventIO
import Foundation

/// DVS128 Gesture: recordings in one folder, a label file beside each, and two lists.
enum GestureCatalog {
  static let lists: [(name: String, part: OfficialPart)] = [
    ("trials_to_train.txt", .train), ("trials_to_test.txt", .test),
  ]

  /// The tree with the lists: the root, or `DvsGesture` or `extract/DvsGesture` in it.
  static func find(in root: FileTree) -> FileTree? {
    let folder = ["", "DvsGesture", "extract", "extract/DvsGesture"].first { folder in
      lists.contains { root.isFile(folder.isEmpty ? $0.name : "\(folder)/\($0.name)") }
    }
    return folder.map(root.folder)
  }

  /// Reads the lists and the label files.
  static func read(_ tree: FileTree) throws(FramingError) -> CatalogParts {
    let listing = try tree.listing()
    var parts = CatalogParts()
    parts.classNames = DatasetKind.gestureNames
    var used = Set(lists.map(\.name))
    for (list, part) in lists {
      do throws(FramingError) {
        for name in try names(in: list, tree) {
          guard used.insert(name).inserted else {
            throw FramingError(
              .corrupt,
              "\(name) is listed twice",
              path: tree.path(of: list)
            )
          }
          used.insert(LabelTable.name(of: name))
          add(name, part, tree, to: &parts)
        }
      } catch {
        parts.problems.append(error)
      }
    }
    parts.ignored = listing.files.filter { !used.contains($0) }
    return parts
  }

  /// The recordings of a list, one name a line.
  private static func names(in list: String, _ tree: FileTree) throws(FramingError) -> [String] {
    var names: [String] = []
    let lines = try tree.text(of: list)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let name = line.trimmingCharacters(in: .whitespaces)
      if name.isEmpty { continue }
      guard name.hasSuffix(".aedat"), !name.contains("/"), !name.hasPrefix(".") else {
        throw FramingError(
          .corrupt,
          "'\(name.prefix(80))' is not the name of an .aedat file in this folder",
          path: tree.path(of: list),
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
    _ tree: FileTree,
    to parts: inout CatalogParts
  ) {
    let table: LabelTable
    do throws(FramingError) {
      guard tree.isFile(name) else {
        throw FramingError(
          .missing,
          "the recording is listed, but not there",
          path: tree.path(of: name)
        )
      }
      table = try LabelTable(
        tree.source(of: LabelTable.name(of: name)),
        classes: .numbered(count: parts.classNames.count)
      )
    } catch {
      parts.problems.append(error)
      return
    }
    var counts: [Int: Int] = [:]
    for row in table.rows {
      let label = (Int(row.className) ?? 1) - 1
      let number = counts[label, default: 0]
      counts[label] = number + 1
      parts.samples.append(
        CatalogSample(
          name: "\(part.rawValue)/\(label)/\(PathName.stem(name))_\(number)",
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
