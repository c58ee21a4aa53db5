/// A NumPy array: a shape and its elements as bytes.
public struct NPYArray: Hashable, Sendable {
  /// Element type, shape and order.
  public let header: NPYHeader
  /// The elements, in the header's type and order.
  public let bytes: [UInt8]

  /// The lengths of the dimensions, slowest first.
  public var shape: [Int] { header.shape }
  /// The element type.
  public var type: NPYType { header.type }

  /// Creates an array of integers in row-major order, lowest byte first.
  ///
  /// - Precondition: The product of `shape` is the number of values.
  public init<T: FixedWidthInteger & BitwiseCopyable>(_ values: [T], shape: [Int]) {
    self.init(.integer(T.self), shape, count: values.count, bytes: littleEndianBytes(values))
  }

  /// Creates an array of floating-point numbers in row-major order.
  ///
  /// - Precondition: The product of `shape` is the number of values.
  public init(_ values: [Float], shape: [Int]) {
    self.init(
      .float(Float.self),
      shape,
      count: values.count,
      bytes: littleEndianBytes(values.map { $0.bitPattern })
    )
  }

  private init(_ type: NPYType, _ shape: [Int], count: Int, bytes: [UInt8]) {
    guard let header = try? NPYHeader(type: type, shape: shape), header.count == count else {
      preconditionFailure("array: \(count) values for the shape \(shape)")
    }
    self.header = header
    self.bytes = bytes
  }

  /// Reads a whole array.
  ///
  /// - Throws: ``RecordingError`` if it is damaged, or of a type that cannot be read.
  init(_ source: ByteSource) throws(RecordingError) {
    header = try NPYHeader(source)
    bytes = try source.readAll()
    guard bytes.count == header.byteCount else {
      throw RecordingError(
        .corrupt,
        "an array \(header.type) \(header.shape) has \(bytes.count) bytes"
      )
    }
  }

  /// The array as the content of an `.npy` file.
  func encoded() -> [UInt8] { header.encoded() + bytes }

  /// The elements as integers of a type, in row-major order.
  ///
  /// - Throws: ``RecordingError`` of kind `outOfRange` at the first element that does not fit, such
  ///   as a fraction.
  @inlinable
  public func values<T: FixedWidthInteger>(as type: T.Type) throws(RecordingError) -> [T] {
    // Inlinable, so that callers get a loop for their own type.
    var values: [T] = []
    values.reserveCapacity(header.count)
    var start = 0
    while start < header.count {
      let block = try integers(from: start, limit: 4096)
      for integer in block {
        guard let value = T(exactly: integer) else { throw misfit(at: values.count, "\(type)") }
        values.append(value)
      }
      start += block.count
    }
    return isTransposed ? rowMajor(values) : values
  }

  /// The next elements as 64-bit integers, in the order of the bytes; at least one.
  @usableFromInline
  func integers(from start: Int, limit: Int) throws(RecordingError) -> [Int64] {
    let count = min(limit, header.count - start)
    var bad: Int?
    let block = [Int64](unsafeUninitializedCapacity: count) { room, initialized in
      initialized = count
      guard let target = room.baseAddress else { return }
      bytes.withUnsafeBytes { bytes in
        let width = header.type.byteCount
        let run = ByteRun(bytes).slice(start * width, count * width)
        bad = header.type.integers(run, count: count, into: target)
      }
    }
    if let bad { throw misfit(at: start + bad, "Int64") }
    return block
  }

  @usableFromInline
  func misfit(at index: Int, _ type: String) -> RecordingError {
    RecordingError(
      .outOfRange,
      "element \(index) of the array \(header.type) does not fit \(type)"
    )
  }

  /// Whether the order of the bytes is not that of the rows.
  @usableFromInline
  var isTransposed: Bool { header.isFortranOrder && shape.count > 1 }

  /// Reorders values whose first dimension varies fastest.
  @usableFromInline
  func rowMajor<T>(_ values: [T]) -> [T] {
    var strides: [Int] = []
    var step = 1
    for length in shape {
      strides.append(step)
      step *= length
    }
    var position = [Int](repeating: 0, count: shape.count)
    return values.indices.map { _ in
      let value = values[zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 }]
      for axis in shape.indices.reversed() {
        position[axis] += 1
        if position[axis] < shape[axis] { break }
        position[axis] = 0
      }
      return value
    }
  }
}

/// The bytes of integers, lowest byte first.
private func littleEndianBytes<T: FixedWidthInteger & BitwiseCopyable>(_ values: [T]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(values.count * MemoryLayout<T>.size)
  #if _endian(little)
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  #else
    values.map { $0.littleEndian }.withUnsafeBytes { bytes.append(contentsOf: $0) }
  #endif
  return bytes
}
