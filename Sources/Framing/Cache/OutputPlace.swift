import EventIO
import Foundation

/// The place where a cache shall appear, and what is there now.
struct OutputPlace {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Refuses a folder in the place of the output, and an output in a folder that is not there.
  func checkFolder() throws(FramingError) {
    guard !FolderListing.isFolder(path) else {
      throw FramingError(
        .usage,
        "this is a folder; name a file such as \(path)/frames.h5",
        path: path
      )
    }
    let folder = PathName.folder(path)
    guard FolderListing.isFolder(folder) else {
      throw FramingError(.output, "there is no such folder; create it first", path: folder)
    }
  }

  /// The cache that is there; nil if nothing is.
  ///
  /// - Throws: ``FramingError`` of kind `usage` if it is something else.
  func existingCache() throws(FramingError) -> FrameCache? {
    guard isTaken else { return nil }
    do throws(FramingError) {
      return try FrameCache(path)
    } catch {
      throw FramingError(
        .usage,
        "exists already, and is not a frame cache; pass --overwrite to replace it",
        path: path
      )
    }
  }

  /// Whether something is there.
  var isTaken: Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The size of the output; 0 if there is none.
  var byteCount: Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

extension FrameCache {
  /// Makes sure that the cache is what a job would make.
  ///
  /// - Returns: What is known of the recordings, all of which are read for their digests.
  /// - Throws: ``FramingError`` of kind `usage`, naming what differs.
  func confirm(_ job: FramingJob) throws -> [Int: RecordingNote] {
    var differences = recipe.differences(from: job.recipe)
    let samples = job.catalog.samples
    if count != samples.count {
      let missing = Set(samples.map(\.name)).subtracting(names).sorted()
      let list = missing.isEmpty ? "" : ", without \(missing.prefix(3).joined(separator: ", "))"
      differences.append("it has \(count) samples, expected \(samples.count)\(list)")
    } else if names != samples.map(\.name) || labels != samples.map(\.label)
      || classNames != job.catalog.classNames
    {
      differences.append("its samples have other names or labels")
    } else if splits != job.splits {
      differences.append("its splits are \(Self.list(splits)), expected \(Self.list(job.splits))")
    }
    guard differences.isEmpty else { throw stale(differences) }
    var notes: [Int: RecordingNote] = [:]
    for recording in Set(samples.map(\.recording)) {
      try Task.checkCancellation()
      var note = RecordingNote()
      note.digest = try job.catalog.source(ofRecording: recording).fingerprint()
      notes[recording] = note
    }
    guard
      description.sourceFingerprint == SourceFingerprint(of: job.catalog, notes).description
    else { throw stale(["its recordings, or the times of its samples, have changed since"]) }
    return notes
  }

  private static func list(_ splits: [String: [String: [Int]]]) -> String {
    splits.isEmpty
      ? "none"
      : splits.sorted { $0.key < $1.key }
        .map { "\($0.key) (\($0.value.keys.sorted().joined(separator: ", ")))" }
        .joined(separator: ", ")
  }

  private func stale(_ differences: [String]) -> FramingError {
    FramingError(
      .usage,
      "exists already, and differs from what was asked for: "
        + "\(differences.joined(separator: "; ")); pass --overwrite to replace it",
      path: path
    )
  }

  /// What a sink reports of a cache that was complete already.
  var report: FrameSinkReport {
    FrameSinkReport(
      samples: count,
      frames: (0..<count).reduce(0) { $0 + frameCount(at: $1) },
      type: type,
      byteCount: OutputPlace(path).byteCount,
      splits: splits.mapValues { $0.mapValues(\.count) }
    )
  }
}
