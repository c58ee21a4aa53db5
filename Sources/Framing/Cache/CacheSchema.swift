import EventIO
import HDF5

/// Names, versions and shapes of the frame cache.
///
/// | path | type, shape | meaning |
/// |---|---|---|
/// | `/frames` | uint8, int16 or int32 `[N, T, 2, H, W]` | counts, channel 0 OFF, 1 ON |
/// | `/labels` | int64 `[N]` | class index, from 0 |
/// | `/names` | string `[N]` | sample name without ending |
/// | `/slice_events` | int64 `[N, T]` | events in each slice |
/// | `/slice_start_us`, `/slice_end_us` | int64 `[N, T]` | first and last event's time, or −1 |
/// | `/class_names` | string `[classes]` | |
/// | `/splits/<name>/<part>` | int64 `[n]` | sample indices |
/// | `/checksums` | uint32 `[N]` | CRC-32 of each sample's counts as they are stored |
///
/// Where T differs between samples `/frames` is `[F, 2, H, W]`, the slice tables are `[F]`, and
/// sample i has the frames `offsets[i]..<offsets[i + 1]` of `/offsets` int64 `[N + 1]`.
///
/// The root attribute `tables_checksum` is a CRC-32 of everything but the frames; ``CacheTables``
/// says of which bytes. The root attribute `file_checksum`, a little-endian int64, is the CRC-32 of
/// all bytes of the file as it is while that attribute is 0. A part of a sharded conversion has
/// ``CacheShard`` besides.
enum CacheSchema {
  static let format = "dvsprep-frames"
  static let version: Int64 = 1
  static let layout = "NTCHW"
  static let polarityOrder = "off,on"
  static let timeUnit = "us"
  static let rowOrigin = "row_origin"

  static let frames = "frames"
  static let labels = "labels"
  static let names = "names"
  static let classNames = "class_names"
  static let offsets = "offsets"
  static let splits = "splits"
  static let sliceEvents = "slice_events"
  static let sliceStart = "slice_start_us"
  static let sliceEnd = "slice_end_us"
  static let checksums = "checksums"
  static let tablesChecksum = "tables_checksum"
  static let fileChecksum = "file_checksum"

  /// A sample larger than this has a chunk per frame instead of one chunk.
  static let chunkByteLimit = 1 << 20
}

/// The type in which a cache stores counts.
public enum CountType: Int, Comparable, Sendable, CaseIterable {
  /// Counts up to 255.
  case uint8 = 1
  /// Counts up to 32767.
  case int16 = 2
  /// All counts.
  case int32 = 4

  /// The narrowest type that holds a count.
  public init(holding count: Int32) {
    self = count <= 255 ? .uint8 : count <= 32767 ? .int16 : .int32
  }

  init?(_ type: HDF5ElementType) {
    switch type {
    case .scalar(.uint8): self = .uint8
    case .scalar(.int16): self = .int16
    case .scalar(.int32): self = .int32
    default: return nil
    }
  }

  /// Bytes per count.
  public var byteCount: Int { rawValue }

  var scalarType: HDF5ScalarType {
    switch self {
    case .uint8: .uint8
    case .int16: .int16
    case .int32: .int32
    }
  }

  /// Orders by width.
  public static func < (left: CountType, right: CountType) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The shape of a cache's frames and how they are packed into chunks.
struct FrameShape: Hashable, Sendable {
  /// Frames in each sample; nil where it differs.
  let frameCount: Int?
  let geometry: SensorGeometry

  init(_ recipe: FramingRecipe) {
    frameCount = recipe.slicing.frameCount
    geometry = recipe.geometry
  }

  init(frameCount: Int?, geometry: SensorGeometry) {
    self.frameCount = frameCount
    self.geometry = geometry
  }

  /// Counts in a frame.
  var frameSize: Int { 2 * geometry.width * geometry.height }

  /// Frames in a chunk: all of a sample, or one.
  func framesPerChunk(_ type: CountType) -> Int {
    guard let frameCount else { return 1 }
    let (bytes, overflow) = frameCount.multipliedReportingOverflow(by: frameSize * type.byteCount)
    return overflow || bytes > CacheSchema.chunkByteLimit ? 1 : frameCount
  }

  /// The layout of `/frames` while it holds `rows` samples, or frames where T differs.
  func layout(_ type: CountType, rows: Int, compression: Int) -> HDF5Layout {
    let tail = [2, geometry.height, geometry.width]
    let filters: [HDF5Filter] = (type == .uint8 ? [] : [.shuffle]) + [.deflate(level: compression)]
    let middle = frameCount.map { [$0] } ?? []
    let chunkMiddle = frameCount == nil ? [] : [framesPerChunk(type)]
    return HDF5Layout(
      type: .scalar(type.scalarType),
      shape: [rows] + middle + tail,
      chunk: [1] + chunkMiddle + tail,
      isGrowable: true,
      filters: filters
    )
  }

  /// Where a sample's chunk begins; `row` is the sample, or its first frame where T differs.
  func place(ofChunk chunk: Int, sampleRow row: Int, _ type: CountType) -> [Int] {
    frameCount == nil ? [row + chunk, 0, 0, 0] : [row, chunk * framesPerChunk(type), 0, 0, 0]
  }
}
