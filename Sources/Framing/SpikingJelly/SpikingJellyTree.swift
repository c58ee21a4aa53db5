import EventIO
import Foundation

/// A folder of `.npz` files by class, perhaps below `train` and `test`, as SpikingJelly keeps them.
package struct SpikingJellyTree {
  /// The folder.
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Says whether a folder holds frames by its name.
  package static func isFramesFolder(_ name: String) -> Bool {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    if parts.count == 2, parts[0] == "duration" { return Int(parts[1]) != nil }
    return parts.count == 6 && name.hasPrefix("frames_number_") && Int(parts[2]) != nil
      && ["number", "time"].contains(parts[5])
  }

  /// The `.npz` files, relative to the folder, sorted.
  package var files: [String] {
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(".npz") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Says whether a file is whole and has an array of a name.
  package static func isReadable(_ path: String, _ array: String) -> Bool {
    (try? NPZArchive(path: path).array(array)) != nil
  }
}
