import EventIO
import Foundation

/// Finds damage in a tree of frames: compares all files with those that its manifest lists.
public struct TreeVerification: Sendable {
  private let tree: FrameTree
  private let jobs: Int
  /// The folder above the frames, the frames' own name, and the files below it.
  private let root: String
  private let name: String
  private let files: [TreeJournal.File]

  /// Reads a tree's manifest; nil for a tree that has none, as those of other programs.
  public init?(_ tree: FrameTree, jobs: Int) {
    guard let resolved = realpath(tree.path, nil) else { return nil }
    defer { free(resolved) }
    let path = String(cString: resolved)
    let (identity, entries) = TreeJournal.read(path + ".manifest")
    guard identity != nil else { return nil }
    self.tree = tree
    self.jobs = max(1, jobs)
    name = PathName.last(path)
    root = String(path.dropLast(name.count))
    files = entries.flatMap(\.files)
  }

  /// The number of files in the manifest, events included.
  public var fileCount: Int { files.count }

  /// Reads all files.
  ///
  /// - Parameter progress: Called with the number of files so far, from any thread.
  /// - Returns: Files that were changed, are missing, or do not belong to the frames.
  public func run(
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> [FrameSetFinding] {
    let findings = try await FrameSetWork(count: files.count, jobs: jobs).run(progress) { index in
      let path = root + files[index].name
      if files[index].isWhole(at: path) { return nil }
      let isThere = access(path, F_OK) == 0
      return FrameSetFinding(
        sample: nil,
        reason: "\(files[index].name) \(isThere ? "differs from what was written" : "is missing")"
      )
    }
    let listed = Set(files.map(\.name))
    let strangers = tree.files.map { "\(name)/\($0)" }.filter { !listed.contains($0) }
    return findings + strangers.map { FrameSetFinding(sample: nil, reason: "\($0) was added") }
  }
}
