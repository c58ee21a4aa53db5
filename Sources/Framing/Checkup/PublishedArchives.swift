import EventIO
import Foundation

/// The archives of the datasets that are in a folder, or in its `download`.
struct PublishedArchives: Sendable {
  private let root: String
  private let truths: [DatasetTruth]
  /// Archives that files cannot be restored from, because they are damaged themselves.
  private var damaged: Set<String> = []
  private var areAllDamaged = false

  init(_ root: String, _ truths: [DatasetTruth]) {
    self.root = root
    self.truths = truths
  }

  /// Where an archive is; nil if it is not there.
  func path(of archive: DatasetTruth.Archive) -> String? {
    ["\(root)/\(archive.name)", "\(root)/download/\(archive.name)"].first(
      where: FolderListing.isFile
    )
  }

  /// The same archives, some of which are known to be damaged.
  func without(_ findings: [Finding]) -> PublishedArchives {
    var archives = self
    archives.damaged.formUnion(findings.map(\.path))
    return archives
  }

  /// The same archives where the dataset is read from them: what is wrong with it is wrong there.
  func readInPlace() -> PublishedArchives {
    var archives = self
    archives.areAllDamaged = true
    return archives
  }

  /// Compares the archives that are there with their published digests.
  ///
  /// - Throws: `CancellationError`.
  func check() throws -> [Finding] {
    var findings: [Finding] = []
    for archive in truths.flatMap(\.archives) {
      guard let path = path(of: archive) else { continue }
      guard let digest = try digest(of: path) else {
        findings.append(
          Finding(.damaged, path, "cannot be read", remedy: "chmod u+r \(ShellPath(path))")
        )
        continue
      }
      if digest != archive.md5 {
        findings.append(
          Finding(
            .checksum,
            path,
            "has the MD5 digest \(digest), the published file has \(archive.md5)",
            remedy: fetch(archive, to: path)
          )
        )
      }
    }
    return findings
  }

  private func digest(of path: String) throws -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var digest = MD5()
    while let block = try? file.read(upToCount: 1 << 20), !block.isEmpty {
      try Task.checkCancellation()
      digest.add([UInt8](block))
    }
    return digest.hexadecimal
  }

  /// How an archive is fetched again.
  func fetch(_ archive: DatasetTruth.Archive, to path: String) -> String {
    archive.isDirect
      ? "curl -L -o \(ShellPath(path)) \(archive.url)"
      : "download \(archive.name) from \(archive.url) to \(ShellPath(path))"
  }

  /// How files that are missing or damaged come back.
  ///
  /// - Parameters:
  ///   - target: The folder that the archive is unpacked in.
  ///   - member: A file or folder in the archive; nil for all of it.
  func restore(_ archive: DatasetTruth.Archive, to target: String, member: String? = nil) -> String
  {
    let path = path(of: archive) ?? "\(root)/\(archive.name)"
    guard FolderListing.isFile(path), !areAllDamaged, !damaged.contains(path) else {
      return fetch(archive, to: path)
    }
    let part = member.map { " \(ShellPath($0))" } ?? ""
    return archive.name.hasSuffix(".zip")
      ? "unzip -o \(ShellPath(path))\(part) -d \(ShellPath(target))"
      : "tar -xzf \(ShellPath(path)) -C \(ShellPath(target))\(part)"
  }

  /// An archive that cannot be read.
  func finding(_ error: FramingError) -> Finding {
    let path = error.path ?? root
    let known = truths.flatMap(\.archives).first { $0.name == PathName.last(path) }
    let reason = [error.place, error.reason].compactMap(\.self).joined(separator: ": ")
    return Finding(
      .damaged,
      path,
      reason,
      remedy: known.map { fetch($0, to: path) } ?? "replace \(ShellPath(path)) by a whole copy"
    )
  }
}
