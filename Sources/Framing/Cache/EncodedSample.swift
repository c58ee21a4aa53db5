import EventIO
import HDF5

/// The slices of one sample, as the cache's tables hold them.
public struct SliceTable: Hashable, Sendable {
  /// Events in each slice.
  public var events: [Int64] = []
  /// Time of each slice's first event in microseconds; −1 where it is empty.
  public var start: [Int64] = []
  /// Time of each slice's last event in microseconds; −1 where it is empty.
  public var end: [Int64] = []

  /// Creates a table without slices.
  public init() {}

  /// Lists the slices of a recording.
  public init(_ events: EventBuffer, _ slices: SliceIndex) {
    for range in slices.ranges {
      self.events.append(Int64(range.count))
      start.append(range.isEmpty ? -1 : events.t[range.lowerBound])
      end.append(range.isEmpty ? -1 : events.t[range.upperBound - 1])
    }
  }

  mutating func append(_ other: SliceTable) {
    events += other.events
    start += other.start
    end += other.end
  }
}

/// A sample ready to be written: its frames as compressed chunks, and what the tables say of it.
public struct EncodedSample: Sendable {
  /// The sample's name, as SpikingJelly would name its file, without ending.
  public let name: String
  /// The class, from 0.
  public let label: Int
  /// The slices.
  public let slices: SliceTable
  /// The type of the counts in `chunks`.
  public let type: CountType
  /// The compressed chunks, in order.
  let chunks: [[UInt8]]

  /// Compresses a sample's frames.
  ///
  /// - Parameters:
  ///   - type: The narrowest type to use; wider counts widen it.
  ///   - compression: zlib's level, 0 to 9.
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
    self.name = name
    self.label = label
    self.slices = slices
    let needed = max(type, CountType(holding: frames.maximum))
    self.type = needed
    chunks = Self.encode(frames.counts, shape, needed, compression: compression)
  }

  /// Creates a sample from chunks that are compressed already.
  init(name: String, label: Int, slices: SliceTable, type: CountType, chunks: [[UInt8]]) {
    self.name = name
    self.label = label
    self.slices = slices
    self.type = type
    self.chunks = chunks
  }

  static func encode(
    _ counts: [Int32],
    _ shape: FrameShape,
    _ type: CountType,
    compression: Int
  ) -> [[UInt8]] {
    let chunkSize = shape.framesPerChunk(type) * shape.frameSize
    var bytes: [UInt8] = []
    return stride(from: 0, to: counts.count, by: chunkSize).map { start in
      HDF5Shuffle.split(counts, start..<start + chunkSize, width: type.byteCount, into: &bytes)
      return ChunkCompression.deflate(bytes, level: compression)
    }
  }

  /// The same sample with wider counts, made chunk by chunk.
  ///
  /// - Throws: ``FramingError`` of kind `corrupt` if its own chunks are damaged.
  func widened(
    to type: CountType,
    _ shape: FrameShape,
    compression: Int
  ) throws(FramingError) -> EncodedSample {
    guard type > self.type else { return self }
    let chunkSize = shape.framesPerChunk(self.type) * shape.frameSize
    var counts = [Int32](repeating: 0, count: chunkSize)
    var bytes: [UInt8] = []
    var wide: [[UInt8]] = []
    for chunk in chunks {
      let size = chunkSize * self.type.byteCount
      guard ChunkCompression.inflate(chunk, into: &bytes, count: size) else {
        throw FramingError(.corrupt, "a chunk of \(name) cannot be inflated")
      }
      HDF5Shuffle.join(bytes, width: self.type.byteCount, into: &counts, at: 0)
      wide += Self.encode(counts, shape, type, compression: compression)
    }
    return EncodedSample(name: name, label: label, slices: slices, type: type, chunks: wide)
  }
}

/// Compresses a sample part by part, so that long ones need little memory.
struct SampleEncoder {
  private let shape: FrameShape
  private let compression: Int
  private var type: CountType
  private var chunks: [[UInt8]] = []

  init(_ recipe: FramingRecipe, atLeast type: CountType, compression: Int) {
    shape = FrameShape(recipe)
    self.type = type
    self.compression = compression
  }

  /// Compresses the next frames.
  mutating func add(_ frames: FrameStack) throws(FramingError) {
    let needed = CountType(holding: frames.maximum)
    if needed > type {
      let earlier = sample("earlier frames", label: 0, SliceTable())
      chunks = try earlier.widened(to: needed, shape, compression: compression).chunks
      type = needed
    }
    chunks += EncodedSample.encode(frames.counts, shape, type, compression: compression)
  }

  /// The sample of all frames so far.
  func sample(_ name: String, label: Int, _ slices: SliceTable) -> EncodedSample {
    EncodedSample(name: name, label: label, slices: slices, type: type, chunks: chunks)
  }
}
