import Foundation

/// The data that lies beside the package and is not part of it: `../shared`.
public enum SharedData {
  /// The package's own folder.
  public static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of the shared data, whether or not it exists.
  public static let root = packageRoot.deletingLastPathComponent()
    .appendingPathComponent("shared")

  /// Whether the shared data is there; tests that need it are skipped without it.
  public static let isPresent = FileManager.default.fileExists(
    atPath: root.appendingPathComponent("golden").path
  )

  /// What a test says when it is skipped for want of the data.
  public static let absent = "shared data is absent (expected ../shared); skipped"

  /// The path of a file in the shared data, such as `golden/io/golden.json`.
  public static func path(_ relative: String) -> String {
    root.appendingPathComponent(relative).path
  }

  /// The content of a file in the shared data.
  public static func data(_ relative: String) throws -> Data {
    try Data(contentsOf: root.appendingPathComponent(relative))
  }

  /// The files of a folder and of all folders in it, sorted, relative to the shared data.
  public static func files(under folder: String, suffix: String = "") -> [String] {
    let base = root.appendingPathComponent(folder).path
    let all = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(suffix) && isFile(base + "/" + $0) }
      .sorted().map { folder + "/" + $0 }
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }
}
