import EventIO
import Foundation

/// The folders and files that some archives hold, as if they were unpacked into one folder.
final class ArchiveTree: Sendable {
  /// A file in an archive.
  enum Entry: Sendable {
    case zip(ZipArchive, Int)
    case tar(TarArchive, Int)
  }

  private struct Folder {
    var folders: Set<String> = []
    var files: [String] = []
  }

  private let entries: [String: Entry]
  private let order: [String: Int]
  private let folders: [String: Folder]
  /// Links and devices, which are not followed.
  let others: [String]

  /// The endings of archives.
  static let endings = [
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst",
  ]

  /// Says whether a file is an archive by its name.
  static func isArchive(_ name: String) -> Bool {
    let name = name.lowercased()
    return !name.hasPrefix(".") && endings.contains { name.hasSuffix($0) }
  }

  /// Lists archives.
  ///
  /// - Throws: ``FramingError`` of kind `corrupt` for names that lead out of the archive or appear
  ///   twice; errors of reading.
  init(_ paths: [String]) throws(FramingError) {
    var builder = Builder()
    for path in paths {
      do {
        if path.lowercased().hasSuffix(".zip") {
          let archive = try ZipArchive(path: path)
          for (index, entry) in archive.entries.enumerated() where !entry.name.hasSuffix("/") {
            try builder.add(entry.name, .zip(archive, index), from: path)
          }
        } else {
          let archive = try TarArchive(path: path)
          for (index, member) in archive.members.enumerated() {
            try builder.add(member.name, .tar(archive, index), from: path)
          }
          builder.others += archive.others.map { "\(path): \($0)" }
        }
      } catch let error as RecordingError {
        throw FramingError(error)
      } catch let error as FramingError {
        throw error
      } catch {
        throw FramingError(.inputOutput, "\(error)", path: path)
      }
    }
    entries = builder.entries
    order = builder.order
    folders = builder.folders
    others = builder.others
  }

  /// The file of a path; nil if there is none.
  func entry(_ path: String) -> Entry? { entries[path] }

  /// Where a file comes in the order in which archives are read fastest.
  func position(of path: String) -> Int { order[path] ?? .max }

  /// What a folder holds; nil if there is no such folder.
  func listing(_ folder: String) -> (folders: [String], files: [String])? {
    folders[folder].map { (Array($0.folders), $0.files) }
  }

  private struct Builder {
    var entries: [String: Entry] = [:]
    var order: [String: Int] = [:]
    var folders: [String: Folder] = ["": Folder()]
    var others: [String] = []

    mutating func add(
      _ name: String,
      _ entry: Entry,
      from archive: String
    ) throws(FramingError) {
      let parts = name.split(separator: "/").filter { $0 != "." }.map(String.init)
      guard !name.hasPrefix("/"), !parts.contains(".."), !parts.isEmpty else {
        throw FramingError(
          .corrupt,
          "the member '\(name.prefix(200))' leads out of the archive; do not trust this file",
          path: archive
        )
      }
      let path = parts.joined(separator: "/")
      guard entries.updateValue(entry, forKey: path) == nil else {
        throw FramingError(.corrupt, "the member '\(path)' appears twice", path: archive)
      }
      order[path] = order.count
      var folder = ""
      for part in parts.dropLast() {
        folders[folder, default: Folder()].folders.insert(part)
        folder = folder.isEmpty ? part : "\(folder)/\(part)"
      }
      folders[folder, default: Folder()].files.append(parts[parts.count - 1])
    }
  }
}

extension FramingError {
  /// What went wrong with the bytes of an input, in this module's terms.
  init(_ error: RecordingError) {
    let kind: Kind =
      switch error.kind {
      case .missing: .missing
      case .inputOutput: .inputOutput
      case .unsupported: .unsupported
      default: .corrupt
      }
    self.init(
      kind,
      error.reason,
      path: error.path,
      place: error.byteOffset.map { "byte \($0)" }
    )
  }
}
