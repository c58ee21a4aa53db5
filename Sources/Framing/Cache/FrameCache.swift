import EventIO
import Foundation
import HDF5

/// A frame cache, open for reading: random access to samples from any number of threads.
///
/// Chunks are read and inflated on the caller's thread, without any lock. Whatever the file says,
/// opening it takes time and memory in proportion to its size at most.
public final class FrameCache: Sendable {
  /// The file.
  public let path: String
  /// What the cache says about itself.
  public let description: CacheDescription
  /// The class of each sample, from 0.
  public let labels: [Int]
  /// The name of each sample, as SpikingJelly would name its file, without ending.
  public let names: [String]
  /// Sample indices by part, by name of the split.
  public let splits: [String: [String: [Int]]]
  /// The type in which counts are stored.
  public let type: CountType

  let file: HDF5Reader
  private let frames: HDF5DatasetReader
  private let sliceColumns: SliceColumns
  private let storage: FrameStorage
  private let offsets: [Int]?

  /// Opens a cache.
  ///
  /// - Parameter expected: The recipe that the cache must have been made with; nil takes any.
  /// - Throws: ``FramingError``: `missing`, `inputOutput`, `corrupt`, `unsupported`, or
  ///   `recipeMismatch` naming the fields that differ.
  public convenience init(
    _ path: String,
    expecting expected: FramingRecipe? = nil
  ) throws(FramingError) {
    let opened: OpenedCache
    do {
      try requireReadableFile(path)
      opened = try OpenedCache { () throws(HDF5Error) in try HDF5Reader(path) }
    } catch {
      throw error.at(path)
    }
    let differences = expected.map { opened.description.recipe.differences(from: $0) } ?? []
    guard differences.isEmpty else {
      let list = differences.joined(separator: "; ")
      throw FramingError(
        .recipeMismatch,
        "the cache has another recipe: \(list); convert again",
        path: path
      )
    }
    self.init(opened)
  }

  /// Opens a cache whose bytes are in memory; the name stands for its path.
  ///
  /// - Throws: ``FramingError`` as for a file.
  package convenience init(bytes: [UInt8], name: String) throws(FramingError) {
    do {
      try self.init(
        OpenedCache { () throws(HDF5Error) in try HDF5Reader(bytes: bytes, name: name) }
      )
    } catch {
      throw error.at(name)
    }
  }

  private init(_ opened: OpenedCache) {
    path = opened.file.path
    description = opened.description
    labels = opened.labels
    names = opened.names
    splits = opened.splits
    type = opened.storage.type
    file = opened.file
    frames = opened.frames
    sliceColumns = opened.sliceColumns
    storage = opened.storage
    offsets = opened.offsets
  }

  /// Opens a cache: the same as the initializer, in the words of the interface.
  public static func open(
    _ path: String,
    expecting expected: FramingRecipe? = nil
  ) throws(FramingError) -> FrameCache {
    try FrameCache(path, expecting: expected)
  }

  /// The number of samples.
  public var count: Int { labels.count }

  /// The classes; a label is an index into them.
  public var classNames: [String] { description.classNames }

  /// Which part of a sharded conversion the cache is; nil for a whole one.
  var shard: Shard? {
    (try? file.stringAttribute(CacheShard.attribute)).flatMap { Shard($0) }
  }

  /// Everything that determines the pixels.
  public var recipe: FramingRecipe { description.recipe }

  /// The sensor.
  public var geometry: SensorGeometry { recipe.geometry }

  /// The number of counts in a frame: 2·H·W.
  public var frameSize: Int { storage.shape.frameSize }

  /// The number of frames in a sample.
  public func frameCount(at index: Int) -> Int {
    precondition((0..<count).contains(index), "sample \(index) of \(count)")
    guard let offsets else { return storage.shape.frameCount ?? 0 }
    return offsets[index + 1] - offsets[index]
  }

  /// Where a sample's frames begin in a cache whose samples differ in their number.
  func firstFrame(at index: Int) -> Int { offsets.map { $0[index] } ?? 0 }

  /// Reads a sample's frames.
  ///
  /// - Throws: ``FramingError`` of kind `corrupt`, naming the sample.
  public func frames(at index: Int) throws(FramingError) -> FrameStack {
    var counts: [Int32] = []
    var scratch = Scratch()
    try read(at: index, into: &counts, scratch: &scratch)
    return FrameStack(counts: counts, frameCount: frameCount(at: index), geometry: geometry)
  }

  /// Memory for reading that is reused from sample to sample; one per thread.
  public struct Scratch: Sendable {
    var rows = HDF5DatasetReader.Scratch()

    /// Creates empty memory.
    public init() {}
  }

  /// Reads a sample's frames `[T, 2, H, W]` into memory that the caller owns.
  ///
  /// - Parameters:
  ///   - counts: Receives the counts, row-major; its size is adapted and its memory reused. Its
  ///     type must hold those of the cache, see ``type``.
  ///   - scratch: Reused between calls.
  /// - Throws: ``FramingError`` of kind `corrupt`, naming the sample.
  public func read<Count: FrameScalar>(
    at index: Int,
    into counts: inout [Count],
    scratch: inout Scratch
  ) throws(FramingError) {
    precondition(type <= Count.widestType, "counts of the type \(type) in \(Count.self)")
    let row = offsets.map { $0[index] } ?? index
    let rowCount = offsets == nil ? 1 : frameCount(at: index)
    do {
      try frames.read(row..<row + rowCount, &scratch.rows)
    } catch {
      throw damaged(error, at: index)
    }
    Count.widen(scratch.rows.rows, type, into: &counts)
  }

  /// Reads what the tables say about a sample's slices.
  ///
  /// - Throws: ``FramingError`` of kind `corrupt`, naming the sample.
  public func slices(at index: Int) throws(FramingError) -> SliceTable {
    let row = offsets.map { $0[index] } ?? index
    let rowCount = offsets == nil ? 1 : frameCount(at: index)
    do {
      return try sliceColumns.read(row..<row + rowCount)
    } catch {
      throw damaged(error, at: index)
    }
  }

  private func damaged(_ error: HDF5Error, at index: Int) -> FramingError {
    FramingError(
      .corrupt,
      "\(error.object): \(error.reason); convert again",
      path: path,
      place: "sample \(index) (\(names[index]))"
    )
  }
}

extension FrameCache {
  /// Everything in the cache but its frames.
  ///
  /// - Throws: ``FramingError`` of kind `corrupt`.
  func tables() throws(FramingError) -> CacheTables {
    do throws(HDF5Error) {
      let known = Set(description.attributes.keys).union([
        CacheShard.attribute, CacheShard.identityAttribute, CacheSchema.tablesChecksum,
        CacheSchema.fileChecksum,
      ])
      var paths = [
        CacheSchema.names, CacheSchema.classNames, CacheSchema.labels, CacheSchema.sliceEvents,
        CacheSchema.sliceStart, CacheSchema.sliceEnd, CacheSchema.offsets, CacheSchema.checksums,
        CacheShard.index, CacheShard.content,
      ]
      var missing: Set<String> = []
      for path in paths where try !file.contains(path) { missing.insert(path) }
      paths.removeAll { missing.contains($0) }
      for (name, parts) in splits {
        paths += parts.keys.map { "\(CacheSchema.splits)/\(name)/\($0)" }
      }
      let attributes = known.filter { file.hasAttribute($0) }
      return try CacheTables(file, attributes: Array(attributes), paths: paths)
    } catch {
      throw FramingError(reading: error).at(path)
    }
  }
}

/// Distinguishes files that are not there, cannot be read, or are no files.
func requireReadableFile(_ path: String) throws(FramingError) {
  var status = stat()
  guard stat(path, &status) == 0 else {
    let isLink = lstat(path, &status) == 0
    throw FramingError(
      .missing,
      isLink ? "is a link that leads nowhere" : "there is no such file",
      path: path
    )
  }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw FramingError(.missing, "this is a folder; expected a file", path: path)
  }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw FramingError(
      .inputOutput,
      "is a pipe, a socket or a device; expected a file",
      path: path
    )
  }
  guard FileManager.default.isReadableFile(atPath: path) else {
    throw FramingError(.inputOutput, "the file cannot be read; check its permissions", path: path)
  }
}
