/// What the elements of a dataset or attribute are, from its datatype message.
///
/// Byte 0 holds the class in its low half; bytes 1–3 are flags; bytes 4–7 are the size. Integers
/// and floating-point numbers follow with bit offset u16 and precision u16.
struct StoredType {
  let element: HDF5ElementType
  /// Bytes an element takes in the file.
  let byteCount: Int
  /// Whether it is a number whose highest byte comes first.
  let isBigEndian: Bool

  private static let variableStringBytes = 16

  init(_ message: FieldCursor) throws(HDF5Error) {
    var fields = message
    let kind = try fields.byte() & 15
    let flags = try fields.byte() | (try fields.u16()) << 8
    byteCount = try fields.u32()
    isBigEndian = kind <= 1 && byteCount > 1 && flags & 1 == 1
    switch kind {
    case 0, 1:
      element = try Self.number(isInteger: kind == 0, flags, byteCount, &fields)
    case 3:
      element = .fixedString(byteCount: byteCount)
    case 9 where flags & 15 == 1 && byteCount == Self.variableStringBytes:
      element = .variableString
    default:
      element = .other
    }
    guard byteCount > 0 else { throw HDF5Error(.corrupt, "its elements have no bytes") }
  }

  private static func number(
    isInteger: Bool,
    _ flags: Int,
    _ byteCount: Int,
    _ fields: inout FieldCursor
  ) throws(HDF5Error) -> HDF5ElementType {
    let offset = try fields.u16()
    let precision = try fields.u16()
    guard byteCount <= 8, offset == 0, precision == 8 * byteCount else { return .other }
    let isSigned = flags & 8 != 0
    switch (isInteger, byteCount, isSigned) {
    case (true, 1, true): return .scalar(.int8)
    case (true, 1, false): return .scalar(.uint8)
    case (true, 2, true): return .scalar(.int16)
    case (true, 2, false): return .scalar(.uint16)
    case (true, 4, true): return .scalar(.int32)
    case (true, 4, false): return .scalar(.uint32)
    case (true, 8, true): return .scalar(.int64)
    case (true, 8, false): return .scalar(.uint64)
    case (false, 4, _): return .scalar(.float32)
    case (false, 8, _): return .scalar(.float64)
    default: return .other
    }
  }
}

/// The extents of a dataset or attribute, from its dataspace message.
struct StoredShape {
  /// Slowest first; empty for a single value.
  let extents: [Int]
  /// Whether the first extent has no limit.
  let isGrowable: Bool

  private static let largestRank = 32

  init(_ message: FieldCursor) throws(HDF5Error) {
    var fields = message
    let version = try fields.byte()
    guard version == 1 || version == 2 else {
      throw HDF5Error(.corrupt, "a dataspace has the version \(version)")
    }
    let rank = try fields.byte()
    let flags = try fields.byte()
    let type = try fields.byte()
    if version == 1 { try fields.skip(4) }
    guard rank <= Self.largestRank else { throw HDF5Error(.corrupt, "it has \(rank) dimensions") }
    guard version == 1 || type != 2 else { throw .unsupported("it has no elements by design") }
    var extents: [Int] = []
    for _ in 0..<rank { extents.append(try fields.size()) }
    self.extents = extents
    let hasLimits = flags & 1 != 0 && rank > 0
    isGrowable = hasLimits ? try fields.number(UInt64.self) == .max : false
  }
}
