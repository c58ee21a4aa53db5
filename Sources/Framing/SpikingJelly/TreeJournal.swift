import Foundation

/// What has been written to a tree so far: a line of JSON for every recording that is finished.
///
/// The first line says what the tree is made of. The journal grows while the tree is made; then it
/// becomes the tree's manifest, by which it can be verified. While one process has it open, others
/// cannot open it. A line that was torn at the end is as if it were not there.
final class TreeJournal: Sendable {
  /// What the tree is made of; trees of equal identity are equal.
  struct Identity: Hashable, Codable {
    var format = "dvsprep-tree"
    var formatVersion = 1
    var dataset: String
    var recipe: FramingRecipe
    var compression: Int
    var writesEvents: Bool
    var samples: Int
    /// A digest of the samples' names, labels, windows and recordings.
    var catalog: String
    var createdBy: String

    init(_ job: FramingJob, writesEvents: Bool) {
      dataset = job.catalog.kind.rawValue
      recipe = job.recipe
      compression = job.options.compression
      self.writesEvents = writesEvents
      samples = job.catalog.samples.count
      createdBy = job.options.createdBy
      var digest = SourceFingerprint()
      for sample in job.catalog.samples {
        digest.add(sample, content: job.catalog.recordings[sample.recording])
      }
      catalog = digest.description
    }

    /// What differs from a job; empty if nothing does.
    func differences(from other: Identity) -> [String] {
      var differences = recipe.differences(from: other.recipe)
      func compare(_ what: String, _ mine: String, _ wanted: String) {
        if mine != wanted { differences.append("\(what) is \(mine), expected \(wanted)") }
      }
      compare("the dataset", dataset, other.dataset)
      compare("the number of samples", "\(samples)", "\(other.samples)")
      compare("the compression", "\(compression)", "\(other.compression)")
      compare("writing events", "\(writesEvents)", "\(other.writesEvents)")
      compare("the program", createdBy, other.createdBy)
      if differences.isEmpty && self != other {
        differences.append("the samples have other names, labels, times or recordings")
      }
      return differences
    }
  }

  /// A file of the tree.
  struct File: Hashable, Codable {
    /// The path below the dataset's root, with the folder's final name.
    var name: String
    var bytes: Int
    /// CRC-32 of the whole file.
    var crc32: UInt32

    /// Describes content.
    init(_ name: String, _ content: [UInt8]) {
      self.name = name
      bytes = content.count
      crc32 = Self.checksum(content)
    }

    /// Whether a file on disk is this one, byte for byte.
    func isWhole(at path: String) -> Bool {
      guard let data = FileManager.default.contents(atPath: path) else { return false }
      return data.count == bytes && Self.checksum([UInt8](data)) == crc32
    }

    private static func checksum(_ content: [UInt8]) -> UInt32 {
      var sum = Checksum()
      sum.add(content)
      return sum.value
    }
  }

  /// A finished recording.
  struct Entry: Codable {
    var recording: Int
    var note: RecordingNote
    var frames: Int
    var type: Int
    var files: [File]
  }

  /// The path.
  let path: String
  private let descriptor: Int32

  /// Opens a journal, or creates an empty one, and keeps other processes from it.
  ///
  /// - Throws: ``FramingError`` of kind `output`.
  init(_ path: String) throws(FramingError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path, "cannot be created") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw FramingError(
        .output,
        "another process is writing this output; wait for it, or choose another output",
        path: path
      )
    }
  }

  deinit { close(descriptor) }

  /// Reads what is there; whole lines only.
  static func read(_ path: String) -> (identity: Identity?, entries: [Entry]) {
    guard let data = FileManager.default.contents(atPath: path) else { return (nil, []) }
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    let decoder = JSONDecoder()
    let identity = lines.first.flatMap { try? decoder.decode(Identity.self, from: Data($0)) }
    let entries = lines.dropFirst().compactMap { try? decoder.decode(Entry.self, from: Data($0)) }
    return (identity, entries)
  }

  /// Replaces everything by an identity and some entries.
  func begin(_ identity: Identity, _ entries: [Entry]) throws(FramingError) {
    guard ftruncate(descriptor, 0) == 0 else { throw Self.failure(path, "cannot be emptied") }
    try append(identity)
    for entry in entries { try append(entry) }
  }

  /// Adds a line; one call at a time.
  func append(_ line: some Encodable) throws(FramingError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(line) else {
      throw FramingError(.output, "a line has no JSON form", path: path)
    }
    try TreeFolder.write([UInt8](data) + [UInt8(ascii: "\n")], to: descriptor, path)
  }

  /// Removes the file.
  func remove() { unlink(path) }

  static func failure(_ path: String, _ what: String) -> FramingError {
    FramingError(.output, "\(what): \(String(cString: strerror(errno)))", path: path)
  }
}
