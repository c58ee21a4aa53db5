/// Integers as a file holds them: lowest byte first.
enum StoredIntegers {
  /// Widens all to 64 bits.
  static func widened(_ bytes: [UInt8], _ type: HDF5ScalarType) -> [Int64] {
    switch type {
    case .int8: widened(bytes, Int8.self)
    case .uint8: widened(bytes, UInt8.self)
    case .int16: widened(bytes, Int16.self)
    case .uint16: widened(bytes, UInt16.self)
    case .int32: widened(bytes, Int32.self)
    case .uint32: widened(bytes, UInt32.self)
    case .int64: widened(bytes, Int64.self)
    case .uint64: widened(bytes, UInt64.self)
    case .float32, .float64: preconditionFailure("\(type) is no integer")
    }
  }

  /// Turns numbers round whose highest byte comes first.
  static func reverseBytes(of bytes: inout [UInt8], width: Int) {
    for start in stride(from: 0, to: bytes.count - bytes.count % width, by: width) {
      bytes[start..<start + width].reverse()
    }
  }

  private static func widened<Integer: FixedWidthInteger>(
    _ bytes: [UInt8],
    _: Integer.Type
  ) -> [Int64] {
    let width = MemoryLayout<Integer>.size
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / width).map { index in
        let stored = bytes.loadUnaligned(fromByteOffset: index * width, as: Integer.self)
        return Int64(clamping: Integer(littleEndian: stored))
      }
    }
  }
}

/// Strings of fixed or variable length as a file holds them.
enum StoredStrings {
  /// Reads strings that follow one another.
  static func read(
    _ count: Int,
    _ type: HDF5ElementType,
    _ fields: inout FieldCursor,
    _ file: StoredFile
  ) throws(HDF5Error) -> [String] {
    var strings: [String] = []
    switch type {
    case .fixedString(let byteCount):
      for _ in 0..<count {
        let text = try fields.take(byteCount).prefix { $0 != 0 }
        strings.append(String(decoding: text, as: UTF8.self))
      }
    case .variableString:
      var heap = GlobalHeap(file)
      for _ in 0..<count { strings.append(try heap.string(&fields)) }
    case .scalar, .other: throw HDF5Error(.mismatch, "its elements are not strings")
    }
    return strings
  }
}

/// What elements have that were never written, from the fill value messages.
///
/// Versions 1 and 2: version u8, two unused, defined u8, size u32, value. Version 3: version u8,
/// flags u8 with bit 5 for a value, size u32, value. The old message has size u32 and value.
enum FillValue {
  /// Says whether it is zero, as it is by default.
  static func isZero(_ header: ObjectHeader) throws(HDF5Error) -> Bool {
    for var fields in header.all(.fillValue) {
      let version = try fields.byte()
      let isGiven: Bool
      if version >= 3 {
        isGiven = try fields.byte() & 32 != 0
      } else {
        try fields.skip(2)
        isGiven = try fields.byte() != 0
      }
      if isGiven, fields.remaining >= 4, try !isZero(&fields) { return false }
    }
    for var fields in header.all(.oldFillValue) where try !isZero(&fields) { return false }
    return true
  }

  private static func isZero(_ fields: inout FieldCursor) throws(HDF5Error) -> Bool {
    let size = try fields.u32()
    return try fields.take(size).allSatisfy { $0 == 0 }
  }
}

/// Widens stored integers to 8 bits, which takes those of one byte as they are.
package func widen(_ bytes: [UInt8], _ type: HDF5ScalarType, into values: inout [UInt8]) {
  StoredCounts.widenIntegers(bytes, type, &values)
}

/// Widens stored integers to 16 bits.
package func widen(_ bytes: [UInt8], _ type: HDF5ScalarType, into values: inout [Int16]) {
  StoredCounts.widenIntegers(bytes, type, &values)
}

/// Widens stored integers to 32 bits.
package func widen(_ bytes: [UInt8], _ type: HDF5ScalarType, into values: inout [Int32]) {
  StoredCounts.widenIntegers(bytes, type, &values)
}

/// Converts stored integers to floating point, which is exact up to 2²⁴.
package func widen(_ bytes: [UInt8], _ type: HDF5ScalarType, into values: inout [Float]) {
  switch type {
  case .uint8: StoredCounts.convert(bytes, &values) { (count: UInt8) in Float(count) }
  case .int16: StoredCounts.convert(bytes, &values) { (count: Int16) in Float(count) }
  default: StoredCounts.convert(bytes, &values) { (count: Int32) in Float(count) }
  }
}

/// The loops, which are inlined into the functions above so that each fits its types.
private enum StoredCounts {
  @inline(__always)
  static func widenIntegers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8],
    _ type: HDF5ScalarType,
    _ values: inout [Value]
  ) {
    switch type {
    case .uint8: convert(bytes, &values) { (count: UInt8) in Value(truncatingIfNeeded: count) }
    case .int16: convert(bytes, &values) { (count: Int16) in Value(truncatingIfNeeded: count) }
    default: convert(bytes, &values) { (count: Int32) in Value(truncatingIfNeeded: count) }
    }
  }

  @inline(__always)
  static func convert<Stored: FixedWidthInteger & BitwiseCopyable, Value: Numeric>(
    _ bytes: [UInt8],
    _ values: inout [Value],
    _ change: (Stored) -> Value
  ) {
    let width = MemoryLayout<Stored>.size
    let count = bytes.count / width
    if values.count > count { values.removeLast(values.count - count) }
    if values.count < count {
      values.append(contentsOf: repeatElement(.zero, count: count - values.count))
    }
    bytes.withUnsafeBytes { source in
      values.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for index in 0..<count {
          let stored = source.loadUnaligned(fromByteOffset: index &* width, as: Stored.self)
          target[index] = change(Stored(littleEndian: stored))
        }
      }
    }
  }
}
