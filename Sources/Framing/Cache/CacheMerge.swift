import HDF5

/// Joins the parts of a sharded conversion: compressed chunks are copied as they are.
///
/// The result has the same datasets as a conversion in one go. Chunks are compressed anew only if
/// another part needs wider counts.
public struct CacheMerge {
  private let parts: [CachePart]
  /// Where each sample of the result comes from, in order.
  private let samples: [(part: Int, index: Int)]

  /// Opens the parts and finds out whether they belong together.
  ///
  /// - Throws: ``FramingError`` of kind `usage` naming the parts that are missing, doubled, or of
  ///   another conversion; or what opening a cache throws.
  public init(_ paths: [String]) throws(FramingError) {
    var parts: [CachePart] = []
    for path in paths { parts.append(try CachePart(path)) }
    guard let first = parts.first else { throw FramingError(.usage, "there are no parts to merge") }
    for part in parts.dropFirst() { try part.check(against: first) }
    try Self.checkNumbers(parts, count: first.shard.shard.count)
    self.parts = parts
    var places: [(place: Int64, part: Int, index: Int)] = []
    for (number, part) in parts.enumerated() {
      for (index, place) in part.shard.indices.enumerated() {
        places.append((place, number, index))
      }
    }
    places.sort { $0.place < $1.place }
    for (one, other) in zip(places, places.dropFirst()) where one.place == other.place {
      throw FramingError(
        .corrupt,
        "sample \(one.place) is in \(parts[one.part].path) too; convert the parts again",
        path: parts[other.part].path
      )
    }
    samples = places.map { ($0.part, $0.index) }
  }

  /// The caches to merge.
  public var caches: [FrameCache] { parts.map(\.cache) }

  private static func checkNumbers(
    _ parts: [CachePart],
    count: Int
  ) throws(FramingError) {
    var paths: [Int: String] = [:]
    for part in parts {
      let number = part.shard.shard.number
      if let other = paths[number] {
        throw FramingError(.usage, "is part \(part.shard.shard), as \(other) is", path: part.path)
      }
      paths[number] = part.path
    }
    let missing = (1...count).filter { paths[$0] == nil }
    guard missing.isEmpty else {
      let list = missing.prefix(10).map { "\($0)/\(count)" }.joined(separator: ", ")
      let more = missing.count > 10 ? " and \(missing.count - 10) more" : ""
      throw FramingError(
        .usage,
        "\(list)\(more) of the parts are missing; convert them with --shard, then merge all"
      )
    }
  }

  /// Writes the cache.
  ///
  /// - Parameter overwrites: Whether an output that exists is replaced.
  /// - Throws: ``FramingError`` of kind `usage` or `output`; there is no output then.
  public func write(
    to output: String,
    overwrites: Bool,
    createdBy: String,
    command: String
  ) throws -> FrameSinkReport {
    let place = OutputPlace(output)
    try place.checkFolder()
    let lock = try Journal(output + ".journal")
    defer { lock.remove() }
    guard lock.isEmpty else {
      throw FramingError(
        .usage,
        "holds unfinished work of a conversion; finish it, or remove the file",
        path: lock.path
      )
    }
    if !overwrites, place.isTaken {
      throw FramingError(.usage, "exists already; pass --overwrite to replace it", path: output)
    }
    let type = parts.filter { $0.cache.count > 0 }.map(\.cache.type).max() ?? .uint8
    let writer = try FrameCacheWriter(
      output,
      description: description(createdBy: createdBy, command: command),
      type: type,
      compression: parts[0].identity.compression,
      expectedSamples: samples.count
    )
    var frames = 0
    for (part, index) in samples {
      try Task.checkCancellation()
      let sample = try parts[part].sample(at: index)
      frames += sample.slices.events.count
      try Self.append(sample, of: parts[part], to: writer)
    }
    let splits = self.splits
    try writer.finish(splits: splits)
    return FrameSinkReport(
      samples: samples.count,
      frames: frames,
      type: type,
      byteCount: place.byteCount,
      splits: splits.mapValues { $0.mapValues(\.count) }
    )
  }

  private static func append(
    _ sample: EncodedSample,
    of part: CachePart,
    to writer: FrameCacheWriter
  ) throws(FramingError) {
    do {
      try writer.append(sample)
    } catch {
      throw error.kind == .corrupt ? error.at(part.path) : error
    }
  }

  private func description(createdBy: String, command: String) -> CacheDescription {
    var description = parts[0].cache.description
    let filled = parts.filter { $0.cache.count > 0 }
    description.rowsCountFromBottom =
      !filled.isEmpty && filled.allSatisfy { $0.cache.description.rowsCountFromBottom }
    var fingerprint = SourceFingerprint()
    for (part, index) in samples {
      let (cache, shard) = (parts[part].cache, parts[part].shard)
      fingerprint.add(
        cache.names[index],
        label: cache.labels[index],
        content: shard.contents[index]
      )
    }
    description.sourceFingerprint = fingerprint.description
    description.createdBy = createdBy
    description.command = command
    return description
  }

  /// The parts' splits, joined.
  private var splits: [String: [String: [Int]]] {
    var places = parts.map { [Int](repeating: 0, count: $0.cache.count) }
    for (place, sample) in samples.enumerated() { places[sample.part][sample.index] = place }
    var joined: [String: [String: [Int]]] = [:]
    for (number, part) in parts.enumerated() {
      for (name, lists) in part.cache.splits {
        for (list, indices) in lists {
          joined[name, default: [:]][list, default: []] += indices.map { places[number][$0] }
        }
      }
    }
    return joined.mapValues { $0.mapValues { $0.sorted() } }
  }
}

/// A part of a sharded conversion, open for reading.
private struct CachePart {
  let cache: FrameCache
  let shard: CacheShard
  let identity: ConversionIdentity
  private let frames: HDF5DatasetReader
  private let checksums: [UInt32]
  private let shape: FrameShape

  var path: String { cache.path }

  init(_ path: String) throws(FramingError) {
    cache = try FrameCache(path)
    let tables = try cache.tables()
    guard let text = tables.attributes[CacheShard.attribute], let number = Shard(text),
      let json = tables.attributes[CacheShard.identityAttribute],
      let identity = ConversionIdentity(json: json)
    else {
      throw FramingError(.usage, "is not a part that convert --shard made", path: path)
    }
    let shard = CacheShard(
      shard: number,
      identity: json,
      indices: tables.numbers[CacheShard.index] ?? [],
      contents: tables.strings[CacheShard.content] ?? []
    )
    guard tables.attributes[CacheSchema.tablesChecksum] == "\(tables.checksum)",
      shard.indices.count == cache.count, shard.contents.count == cache.count,
      tables.checksums.count == cache.count
    else {
      throw FramingError(.corrupt, "is damaged: its tables changed; convert it again", path: path)
    }
    self.shard = shard
    self.identity = identity
    checksums = tables.checksums
    shape = FrameShape(cache.recipe)
    do {
      frames = try HDF5Reader(path).dataset(CacheSchema.frames)
    } catch {
      throw FramingError(.corrupt, error.description)
    }
  }

  /// Refuses a part of another conversion.
  func check(against other: CachePart) throws(FramingError) {
    var differences = identity.differences(from: other.identity)
    if shard.shard.count != other.shard.shard.count {
      differences.append("it is part \(shard.shard), the other \(other.shard.shard)")
    }
    guard differences.isEmpty else {
      throw FramingError(
        .usage,
        "does not belong to \(other.path): \(differences.joined(separator: "; "))",
        path: path
      )
    }
  }

  /// A sample with its chunks as they lie in the file.
  func sample(at index: Int) throws(FramingError) -> EncodedSample {
    let type = cache.type
    let row = shape.frameCount == nil ? cache.firstFrame(at: index) : index
    var chunks: (bytes: [UInt8], sizes: [Int]) = ([], [])
    var chunk: [UInt8] = []
    for number in 0..<cache.frameCount(at: index) / shape.framesPerChunk(type) {
      let place = shape.place(ofChunk: number, sampleRow: row, type)
      guard (try? frames.readChunk(into: &chunk, at: place)) == 0 else {
        throw FramingError(
          .corrupt,
          "sample \(cache.names[index]) is damaged; convert the part again",
          path: path
        )
      }
      chunks.bytes += chunk
      chunks.sizes.append(chunk.count)
    }
    return EncodedSample(
      name: cache.names[index],
      label: cache.labels[index],
      slices: try cache.slices(at: index),
      chunks: EncodedChunks(
        type,
        checksum: Checksum(value: checksums[index]),
        bytes: chunks.bytes,
        sizes: chunks.sizes
      )
    )
  }
}
