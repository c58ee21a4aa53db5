import EventIO
import HDF5

/// How a cache's counts lie in the file.
struct FrameStorage: Sendable {
  let shape: FrameShape
  let type: CountType

  /// Understands a layout.
  ///
  /// - Parameter isVariable: Whether samples differ in their number of frames.
  init(_ layout: HDF5Layout, isVariable: Bool) throws(FramingError) {
    let rank = isVariable ? 4 : 5
    guard layout.shape.count == rank, layout.shape[rank - 3] == 2,
      let geometry = SensorGeometry("\(layout.shape[rank - 1])x\(layout.shape[rank - 2])")
    else {
      let expected = isVariable ? "[F, 2, H, W]" : "[N, T, 2, H, W]"
      throw FramingError(.corrupt, "/frames has the shape \(layout.shape); expected \(expected)")
    }
    guard let type = CountType(layout.type) else {
      throw FramingError(.corrupt, "/frames must be uint8, int16 or int32")
    }
    shape = FrameShape(frameCount: isVariable ? nil : layout.shape[1], geometry: geometry)
    self.type = type
    let (total, overflow) = (shape.frameCount ?? 1).multipliedReportingOverflow(by: shape.frameSize)
    guard !overflow, total > 0, total <= FrameStack.countLimit else {
      throw FramingError(.tooLarge, "a sample of the shape \(layout.shape) is empty or too large")
    }
  }

  /// The number of rows that a file of this size can hold: deflate shrinks at most 1032 to 1.
  func rowLimit(fileSize: Int) -> Int {
    let rowSize = (shape.frameCount ?? 1) * shape.frameSize
    let (bytes, overflow) = fileSize.multipliedReportingOverflow(by: 1032)
    return min(FrameStack.countLimit, overflow ? .max : bytes / type.byteCount) / rowSize
  }
}

/// A number that a cache's counts can be read into: `UInt8`, `Int16`, `Int32` or `Float`.
public protocol FrameScalar: BitwiseCopyable, Sendable {
  /// The widest type of counts that it holds exactly.
  static var widestType: CountType { get }
  /// Widens stored counts; `counts` gets their number, and its memory is reused.
  static func widen(_ bytes: [UInt8], _ type: CountType, into counts: inout [Self])
}

extension UInt8: FrameScalar {
  /// Counts up to 255.
  public static var widestType: CountType { .uint8 }
  /// Takes stored counts as they are.
  public static func widen(_ bytes: [UInt8], _ type: CountType, into counts: inout [UInt8]) {
    HDF5.widen(bytes, type.scalarType, into: &counts)
  }
}

extension Int16: FrameScalar {
  /// Counts up to 32767.
  public static var widestType: CountType { .int16 }
  /// Widens stored counts.
  public static func widen(_ bytes: [UInt8], _ type: CountType, into counts: inout [Int16]) {
    HDF5.widen(bytes, type.scalarType, into: &counts)
  }
}

extension Int32: FrameScalar {
  /// All counts.
  public static var widestType: CountType { .int32 }
  /// Widens stored counts.
  public static func widen(_ bytes: [UInt8], _ type: CountType, into counts: inout [Int32]) {
    HDF5.widen(bytes, type.scalarType, into: &counts)
  }
}

extension Float: FrameScalar {
  /// All counts; beyond 2²⁴ they are rounded.
  public static var widestType: CountType { .int32 }
  /// Converts stored counts.
  public static func widen(_ bytes: [UInt8], _ type: CountType, into counts: inout [Float]) {
    HDF5.widen(bytes, type.scalarType, into: &counts)
  }
}

/// The tables of slices, open for reading.
struct SliceColumns: Sendable {
  private let events: HDF5DatasetReader
  private let start: HDF5DatasetReader
  private let end: HDF5DatasetReader

  /// Opens the tables, which must have the extent of `/frames` without pixels.
  init(_ file: HDF5Reader, _ frames: HDF5Layout) throws {
    func open(_ name: String) throws -> HDF5DatasetReader {
      let dataset = try file.dataset(name)
      let expected = Array(frames.shape.dropLast(3))
      guard dataset.layout.shape == expected else {
        throw FramingError(
          .corrupt,
          "/\(name) has the shape \(dataset.layout.shape); expected \(expected)"
        )
      }
      return dataset
    }
    events = try open(CacheSchema.sliceEvents)
    start = try open(CacheSchema.sliceStart)
    end = try open(CacheSchema.sliceEnd)
  }

  /// Reads the slices of some rows.
  func read(_ rows: Range<Int>) throws(HDF5Error) -> SliceTable {
    var scratch = HDF5DatasetReader.Scratch()
    var table = SliceTable()
    table.events = try events.integers(rows, &scratch)
    table.start = try start.integers(rows, &scratch)
    table.end = try end.integers(rows, &scratch)
    return table
  }
}
