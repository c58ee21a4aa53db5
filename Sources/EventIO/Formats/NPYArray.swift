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
  public func values<T: FixedWidthInteger>(
    as type: T.Type
  ) throws(RecordingError) -> [T] {
    var values: [T] = []
    values.reserveCapacity(header.count)
    var bad: Int?
    bytes.withUnsafeBytes { bytes in
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: 1024) { block in
        bad = append(ByteRun(bytes), through: block, to: &values)
      }
    }
    if let bad {
      throw RecordingError(
        .outOfRange,
        "element \(bad) of the array \(header.type) does not fit \(type)"
      )
    }
    return header.isFortranOrder && shape.count > 1 ? rowMajor(values) : values
  }

  /// Converts block by block; returns the index of the first element that does not fit.
  private func append<T: FixedWidthInteger>(
    _ run: ByteRun,
    through block: UnsafeMutableBufferPointer<Int64>,
    to values: inout [T]
  ) -> Int? {
    guard let room = block.baseAddress else { return nil }
    for start in stride(from: 0, to: header.count, by: block.count) {
      let count = min(block.count, header.count - start)
      let part = run.slice(start * header.type.byteCount, count * header.type.byteCount)
      if let bad = header.type.integers(part, count: count, into: room) { return start + bad }
      for index in 0..<count {
        guard let value = T(exactly: room[index]) else { return start + index }
        values.append(value)
      }
    }
    return nil
  }

  /// Reorders values whose first dimension varies fastest.
  private func rowMajor<T>(_ values: [T]) -> [T] {
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
