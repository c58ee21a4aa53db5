import HDF5

/// A sample ready to be written: its frames as compressed chunks, and what the tables say of it.
public struct EncodedSample: Sendable {
  /// The sample's name, as SpikingJelly would name its file, without ending.
  public let name: String
  /// The class, from 0.
  public let label: Int
  /// The slices.
  public let slices: SliceTable
  /// The compressed frames.
  let chunks: EncodedChunks

  /// The type of the counts.
  public var type: CountType { chunks.type }

  /// Compresses a sample's frames.
  ///
  /// - Parameters:
  ///   - type: The narrowest type to use; wider counts widen it.
  ///   - compression: The level, 0 to 9.
  public init(
    name: String,
    label: Int,
    slices: SliceTable,
    frames: FrameStack,
    recipe: FramingRecipe,
    atLeast type: CountType = .uint8,
    compression: Int
  ) {
    let shape = FrameShape(recipe)
    precondition(
      frames.geometry == shape.geometry && frames.frameCount == slices.events.count
        && (shape.frameCount ?? frames.frameCount) == frames.frameCount,
      "\(frames.frameCount) frames of \(frames.geometry) do not fit the recipe"
    )
    var chunks = EncodedChunks(max(type, CountType(holding: frames.maximum)))
    chunks.append(frames.counts, shape, ChunkCompressor(level: compression)) {}
    self.init(name: name, label: label, slices: slices, chunks: chunks)
  }

  /// Creates a sample from chunks that are compressed already.
  init(name: String, label: Int, slices: SliceTable, chunks: EncodedChunks) {
    self.name = name
    self.label = label
    self.slices = slices
    self.chunks = chunks
  }

  /// The same sample with wider counts.
  ///
  /// - Throws: ``FramingError`` of kind `corrupt` if its own chunks are damaged.
  func widened(
    to type: CountType,
    _ shape: FrameShape,
    _ compressor: ChunkCompressor
  ) throws(FramingError) -> EncodedSample {
    guard type > self.type else { return self }
    guard let wide = chunks.widened(to: type, shape, compressor) else {
      throw FramingError(.corrupt, "a chunk of \(name) cannot be inflated")
    }
    return EncodedSample(name: name, label: label, slices: slices, chunks: wide)
  }
}

/// A sample's frames as compressed chunks, one after the other.
struct EncodedChunks: Sendable {
  /// The type of the counts.
  let type: CountType
  /// The CRC-32 of the counts.
  private(set) var checksum = Checksum()
  /// The chunks, in order.
  private(set) var bytes: [UInt8] = []
  /// The size of each chunk in `bytes`.
  private(set) var sizes: [Int] = []

  /// Begins with no chunk.
  init(_ type: CountType) { self.type = type }

  /// Takes chunks that were compressed before.
  init(_ type: CountType, checksum: Checksum, bytes: [UInt8], sizes: [Int]) {
    self.type = type
    self.checksum = checksum
    self.bytes = bytes
    self.sizes = sizes
  }

  /// Where each chunk lies in `bytes`.
  var ranges: [Range<Int>] {
    var end = 0
    return sizes.map { size in
      defer { end += size }
      return end..<end + size
    }
  }

  /// Compresses further frames; each chunk holds as many as the layout says.
  ///
  /// - Parameter willCompress: Called before each chunk, which may take a second at high levels.
  mutating func append(
    _ counts: [Int32],
    _ shape: FrameShape,
    _ compressor: ChunkCompressor,
    willCompress: () throws -> Void
  ) rethrows {
    let chunkSize = shape.framesPerChunk(type) * shape.frameSize
    for start in stride(from: 0, to: counts.count, by: chunkSize) {
      try willCompress()
      let range = start..<start + chunkSize
      HDF5Shuffle.split(counts, range, width: type.byteCount, into: &compressor.plain)
      // Counts of one byte are in plain order already.
      if type == .uint8 {
        checksum.add(compressor.plain)
      } else {
        checksum.add(counts, range, as: type)
      }
      sizes.append(compressor.compress(compressor.plain, onto: &bytes))
    }
  }

  /// The same frames with wider counts; nil if a chunk is damaged.
  func widened(
    to type: CountType,
    _ shape: FrameShape,
    _ compressor: ChunkCompressor
  ) -> EncodedChunks? {
    let chunkSize = shape.framesPerChunk(self.type) * shape.frameSize
    var counts = [Int32](repeating: 0, count: chunkSize)
    var plain: [UInt8] = []
    var wide = EncodedChunks(type)
    for range in ranges {
      let size = chunkSize * self.type.byteCount
      guard ChunkCompression.inflate(Array(bytes[range]), into: &plain, count: size) else {
        return nil
      }
      HDF5Shuffle.join(plain, width: self.type.byteCount, into: &counts, at: 0)
      wide.append(counts, shape, compressor) {}
    }
    return wide
  }
}

/// Compresses a sample part by part, so that long ones need little memory.
struct SampleEncoder {
  private let shape: FrameShape
  private let compressor: ChunkCompressor
  private var chunks: EncodedChunks

  init(_ recipe: FramingRecipe, atLeast type: CountType, _ compressor: ChunkCompressor) {
    shape = FrameShape(recipe)
    chunks = EncodedChunks(type)
    self.compressor = compressor
  }

  /// Compresses the next frames.
  mutating func add(_ frames: FrameStack) throws {
    let needed = CountType(holding: frames.maximum)
    if needed > chunks.type {
      guard let wide = chunks.widened(to: needed, shape, compressor) else {
        preconditionFailure("libdeflate's chunks cannot be inflated")
      }
      chunks = wide
    }
    try chunks.append(frames.counts, shape, compressor, willCompress: Task.checkCancellation)
  }

  /// The sample of all frames so far.
  func sample(_ name: String, label: Int, _ slices: SliceTable) -> EncodedSample {
    EncodedSample(name: name, label: label, slices: slices, chunks: chunks)
  }
}
