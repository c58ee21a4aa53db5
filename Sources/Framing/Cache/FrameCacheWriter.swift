import Foundation
import HDF5

/// Writes a frame cache: append samples in order, then finish.
///
/// The file bears a temporary name until ``finish(splits:)`` succeeds, so a cache that exists is
/// complete. Use a writer from one thread at a time.
public final class FrameCacheWriter {
  /// What the cache will say about itself.
  public internal(set) var description: CacheDescription
  /// The type in which counts are stored.
  public let type: CountType
  /// The number of samples so far.
  public var count: Int { names.count }
  /// Which part of a sharded conversion this is; its lists are filled by ``append(_:)``'s caller.
  var shard: CacheShard?

  private let destination: DurableFile
  /// Open until everything has been written.
  private var output: (file: HDF5File, frames: HDF5Dataset)?
  private let shape: FrameShape
  private let compression: Int
  private var capacity = 0
  private var names: [String] = []
  private var labels: [Int64] = []
  private var slices = SliceTable()
  private var offsets: [Int64] = [0]
  private var checksums: [UInt32] = []
  /// The checksum of every chunk as it lies in the file.
  private var chunkChecksums: [UInt32] = []
  private var isFinished = false

  /// Begins a cache.
  ///
  /// - Parameters:
  ///   - path: The final path; a file there stays as it is until the new one is complete.
  ///   - type: The type in which counts are stored; it must hold every sample's.
  ///   - compression: The level, 0 to 9.
  ///   - expectedSamples: How many there will be, if all goes well.
  /// - Throws: ``FramingError`` of kind `output`.
  public init(
    _ path: String,
    description: CacheDescription,
    type: CountType,
    compression: Int,
    expectedSamples: Int = 0
  ) throws(FramingError) {
    self.description = description
    self.type = type
    self.compression = compression
    shape = FrameShape(description.recipe)
    destination = DurableFile(path: path)
    // Where the number of frames differs, the number of rows is not known.
    capacity = shape.frameCount == nil ? 0 : expectedSamples
    do throws(HDF5Error) {
      let file = try HDF5File.create(destination.partialPath)
      let layout = shape.layout(type, rows: capacity, compression: compression)
      output = (file, try file.createDataset(CacheSchema.frames, layout: layout))
    } catch {
      destination.discard()
      throw Self.failure(error)
    }
  }

  deinit {
    output = nil
    if !isFinished { destination.discard() }
  }

  /// Appends a sample.
  ///
  /// - Throws: ``FramingError`` of kind `output`.
  public func append(_ sample: EncodedSample) throws(FramingError) {
    precondition(
      description.classNames.indices.contains(sample.label),
      "label \(sample.label) of \(description.classNames.count) classes"
    )
    precondition(sample.type <= type, "\(sample.name) needs \(sample.type), the cache is \(type)")
    let sample =
      sample.type == type
      ? sample : try sample.widened(to: type, shape, ChunkCompressor(level: compression))
    try writing { file, frames throws(HDF5Error) in
      let row = rowCount
      let ranges = sample.chunks.ranges
      try reserveRows(row + (shape.frameCount == nil ? ranges.count : 1), frames)
      for (index, range) in ranges.enumerated() {
        let place = shape.place(ofChunk: index, sampleRow: row, type)
        try frames.writeChunk(sample.chunks.bytes, range, at: place)
      }
    }
    names.append(sample.name)
    labels.append(Int64(sample.label))
    slices.append(sample.slices)
    offsets.append(Int64(slices.events.count))
    checksums.append(sample.chunks.checksum.value)
    chunkChecksums += sample.chunks.storedChecksums
  }

  /// Writes the tables, checks the file, flushes it to the disk and gives it its name.
  ///
  /// - Parameter splits: Sample indices by part, by name of the split.
  /// - Throws: ``FramingError`` of kind `output`.
  public func finish(splits: [String: [String: [Int]]]) throws(FramingError) {
    precondition(!isFinished, "finish was called twice")
    let tables = tables(splits)
    try writing { file, frames throws(HDF5Error) in
      if capacity != rowCount { try frames.resize(firstExtent: rowCount) }
      try file.write(tables, sampleShape: shape)
      try file.flush()
    }
    output = nil
    try seal()
    try check(tables)
    try destination.commit()
    isFinished = true
  }

  /// The number of rows of `/frames` in use.
  private var rowCount: Int { shape.frameCount == nil ? slices.events.count : names.count }

  /// Makes room in steps that grow, so that few extents are written.
  private func reserveRows(_ needed: Int, _ frames: HDF5Dataset) throws(HDF5Error) {
    guard needed > capacity else { return }
    capacity = max(needed, capacity + capacity / 2, 64)
    try frames.resize(firstExtent: capacity)
  }

  private func writing(
    _ body: (HDF5File, HDF5Dataset) throws(HDF5Error) -> Void
  ) throws(FramingError) {
    guard let output else { preconditionFailure("the cache is finished") }
    do throws(HDF5Error) {
      try body(output.file, output.frames)
    } catch {
      throw Self.failure(error)
    }
  }

  /// The operating system's reason, where the library's long sentence quotes it.
  private static func failure(_ error: HDF5Error) -> FramingError {
    let parts = error.reason.components(separatedBy: "error message = '")
    guard parts.count > 1, let quoted = parts[1].split(separator: "'").first else {
      return FramingError(.output, error.description)
    }
    return FramingError(.output, "cannot be written: \(quoted)", path: error.file)
  }

  private func tables(_ splits: [String: [String: [Int]]]) -> CacheTables {
    var tables = CacheTables()
    tables.checksums = checksums
    tables.strings = [
      CacheSchema.names: names, CacheSchema.classNames: description.classNames,
    ]
    tables.numbers = [
      CacheSchema.labels: labels, CacheSchema.sliceEvents: slices.events,
      CacheSchema.sliceStart: slices.start, CacheSchema.sliceEnd: slices.end,
    ]
    if shape.frameCount == nil { tables.numbers[CacheSchema.offsets] = offsets }
    for (name, parts) in splits {
      for (part, indices) in parts {
        precondition(
          indices.allSatisfy { (0..<count).contains($0) },
          "split \(name)/\(part) of \(count) samples"
        )
        tables.numbers["\(CacheSchema.splits)/\(name)/\(part)"] = indices.map { Int64($0) }
      }
    }
    tables.attributes = description.attributes
    if let shard {
      tables.numbers[CacheShard.index] = shard.indices
      tables.strings[CacheShard.content] = shard.contents
      tables.attributes[CacheShard.attribute] = "\(shard.shard)"
      tables.attributes[CacheShard.identityAttribute] = shard.identity
    }
    tables.attributes[CacheSchema.fileChecksum] = "0"
    tables.attributes[CacheSchema.tablesChecksum] = "\(tables.checksum)"
    return tables
  }

  /// Puts the checksum of the whole file into it.
  private func seal() throws(FramingError) {
    let path = destination.partialPath
    do throws(HDF5Error) {
      try FileChecksum(HDF5Reader(path))?.store(in: path)
    } catch {
      throw FramingError(.output, "the cache cannot be read back: \(error)", path: path)
    }
  }

  // MARK: Checking

  /// Reads back what was written, through a file that was opened anew.
  private func check(_ tables: CacheTables) throws(FramingError) {
    let path = destination.partialPath
    do {
      let cache = try FrameCache(path)
      guard try cache.tables() == tables, cache.type == type else { throw damaged("its tables") }
      let frames = try HDF5Reader(path).dataset(CacheSchema.frames)
      var bytes: [UInt8] = []
      var next = 0
      for (sample, offset) in offsets.dropLast().enumerated() {
        let row = shape.frameCount == nil ? Int(offset) : sample
        let frameCount = Int(offsets[sample + 1] - offset)
        for index in 0..<frameCount / shape.framesPerChunk(type) {
          let place = shape.place(ofChunk: index, sampleRow: row, type)
          var sum = Checksum()
          if try frames.readChunk(into: &bytes, at: place) == 0 { sum.add(bytes) }
          guard sum.value == chunkChecksums[next] else { throw damaged("sample \(names[sample])") }
          next += 1
        }
      }
    } catch {
      throw FramingError(.output, "the cache cannot be read back: \(error)", path: path)
    }
  }

  private func damaged(_ what: String) -> FramingError {
    FramingError(.output, "\(what) differs from what was written; is the disk sound?")
  }
}

extension EncodedChunks {
  /// The checksum of each compressed chunk.
  fileprivate var storedChecksums: [UInt32] {
    ranges.map { range in
      var sum = Checksum()
      sum.add(Array(bytes[range]))
      return sum.value
    }
  }
}
