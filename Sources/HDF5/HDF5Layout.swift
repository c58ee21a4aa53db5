/// What the elements of a dataset are.
public enum HDF5ElementType: Equatable, Sendable {
  /// Numbers.
  case scalar(HDF5ScalarType)
  /// Strings of at most this many UTF-8 bytes each, padded with zeros.
  case fixedString(byteCount: Int)
  /// Strings of any length.
  case variableString
  /// Anything else: compounds, references, bit fields.
  case other
}

/// A step of the pipeline that chunks pass through on their way to the file.
public enum HDF5Filter: Equatable, Sendable {
  /// Groups the first bytes of all elements, then the second bytes, and so on.
  case shuffle
  /// zlib's format at a level from 0 to 9.
  case deflate(level: Int)
  /// A filter that this package does not apply itself, by its registered number.
  case other(Int)
}

/// How a dataset lies in the file.
public struct HDF5Layout: Equatable, Sendable {
  /// What the elements are.
  public var type: HDF5ElementType
  /// The extent of each dimension, slowest first.
  public var shape: [Int]
  /// The extent of a chunk; nil for one contiguous block.
  public var chunk: [Int]?
  /// Whether the first dimension may grow; needs chunks.
  public var isGrowable: Bool
  /// The filters, in the order in which they are applied when writing.
  public var filters: [HDF5Filter]

  /// Creates a layout.
  public init(
    type: HDF5ElementType,
    shape: [Int],
    chunk: [Int]? = nil,
    isGrowable: Bool = false,
    filters: [HDF5Filter] = []
  ) {
    precondition(shape.allSatisfy { $0 >= 0 }, "shape \(shape) has a negative extent")
    precondition(chunk == nil || chunk?.count == shape.count, "chunk and shape differ in rank")
    precondition(chunk != nil || (!isGrowable && filters.isEmpty), "filters and growth need chunks")
    self.type = type
    self.shape = shape
    self.chunk = chunk
    self.isGrowable = isGrowable
    self.filters = filters
  }
}

/// The product of extents, or nil where it overflows or an extent is negative.
func checkedProduct(_ extents: [Int]) -> Int? {
  var product = 1
  for extent in extents {
    guard extent >= 0 else { return nil }
    let (next, overflow) = product.multipliedReportingOverflow(by: extent)
    guard !overflow else { return nil }
    product = next
  }
  return product
}
