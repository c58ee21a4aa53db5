/// The parts of paths, without a detour through Foundation for every file of a dataset.
package enum PathName {
  /// The last part of a path.
  package static func last(_ path: String) -> String {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    return parts.last.map { String(Substring($0)) } ?? (path.isEmpty ? "" : "/")
  }

  /// The folder that a file or folder is in, as far as its path tells: `.` for a name alone.
  ///
  /// Slashes at the end do not count; the root is in itself, and `.` is in `..`.
  package static func folder(_ path: String) -> String {
    let bytes = path.utf8
    let slash = UInt8(ascii: "/")
    guard let end = bytes.lastIndex(where: { $0 != slash }) else {
      return path.isEmpty ? "." : "/"
    }
    let name = last(path)
    if name == "." || name == ".." {
      return path == "." ? ".." : String(path[...end]) + "/.."
    }
    guard let mark = bytes[...end].lastIndex(of: slash) else { return "." }
    let above = bytes[..<mark].lastIndex { $0 != slash }
    return above.map { String(path[...$0]) } ?? "/"
  }

  /// A name or path without its ending.
  package static func stem(_ name: String) -> String {
    ending(name).map { String(name[..<$0.dot]) } ?? name
  }

  /// The ending of a name or path without its dot; empty if there is none.
  package static func fileExtension(_ name: String) -> String {
    ending(name).map { String(Substring($0.text)) } ?? ""
  }

  /// Where the ending begins; names that begin or end with their only dot have none.
  private static func ending(_ name: String) -> (dot: String.Index, text: Substring.UTF8View)? {
    let bytes = name.utf8
    let start =
      bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) } ?? bytes.startIndex
    guard let dot = bytes[start...].lastIndex(of: UInt8(ascii: ".")), dot > start else {
      return nil
    }
    let text = bytes[bytes.index(after: dot)...]
    return text.isEmpty ? nil : (dot, text)
  }
}
