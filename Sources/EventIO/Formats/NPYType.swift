/// The element type of a NumPy array: kind, width and byte order.
public struct NPYType: Hashable, Sendable {
  /// What an element is.
  public enum Kind: Character, Sendable {
    /// One byte, 0 or 1.
    case boolean = "b"
    /// Two's complement.
    case signed = "i"
    /// Without sign.
    case unsigned = "u"
    /// IEEE 754.
    case float = "f"
  }

  /// What an element is.
  public let kind: Kind
  /// How many bytes an element has: 1, 2, 4 or 8.
  public let byteCount: Int
  /// Whether the highest byte comes first.
  public let isBigEndian: Bool

  /// Parses a type such as `<i8`, `>u4`, `|b1` or `<f4`.
  ///
  /// - Throws: ``RecordingError`` of kind `unsupported`; object arrays are never unpickled.
  public init(_ text: String) throws(RecordingError) {
    let unsupported = RecordingError(
      .unsupported,
      "arrays of type '\(text)' cannot be read; expected integers, bool or float"
    )
    if text.hasSuffix("O") || text.contains("O8") {
      throw RecordingError(
        .unsupported,
        "object arrays are pickles, which could run any program; they are refused"
      )
    }
    guard let order = text.first, "<>|=".contains(order), let code = text.dropFirst().first,
      let width = Int(text.dropFirst(2))
    else { throw unsupported }
    // NumPy writes bool as b1; a signed byte is i1.
    guard let kind = Kind(rawValue: code) else { throw unsupported }
    let widths: [Int] =
      switch kind {
      case .boolean: [1]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .float: [4, 8]
      }
    guard widths.contains(width) else { throw unsupported }
    self.init(kind: kind, byteCount: width, isBigEndian: order == ">")
  }

  private init(kind: Kind, byteCount: Int, isBigEndian: Bool = false) {
    self.kind = kind
    self.byteCount = byteCount
    self.isBigEndian = isBigEndian && byteCount > 1
  }

  /// An integer type, lowest byte first.
  static func integer<T: FixedWidthInteger>(_ type: T.Type) -> NPYType {
    NPYType(kind: T.isSigned ? .signed : .unsigned, byteCount: MemoryLayout<T>.size)
  }

  /// A floating-point type, lowest byte first.
  static func float<T: BinaryFloatingPoint>(_ type: T.Type) -> NPYType {
    NPYType(kind: .float, byteCount: MemoryLayout<T>.size)
  }
}

extension NPYType: CustomStringConvertible {
  /// The type as NumPy writes it, such as `<i8`.
  public var description: String {
    "\(byteCount == 1 ? "|" : isBigEndian ? ">" : "<")\(kind.rawValue)\(byteCount)"
  }
}

extension NPYType {
  /// The type in which NumPy computes with timestamps stored so; whole-numbered floats do not wrap.
  var timestampType: TimestampType {
    switch kind {
    case .signed: TimestampType(bits: 8 * byteCount, isSigned: true)
    case .unsigned: TimestampType(bits: 8 * byteCount, isSigned: false)
    case .boolean, .float: .int64
    }
  }

  /// Converts elements to integers.
  ///
  /// - Returns: The index of the first element that is no integer of 64 bits, or nil.
  func integers(
    _ run: ByteRun,
    count: Int,
    into target: UnsafeMutablePointer<Int64>
  ) -> Int? {
    switch (kind, byteCount) {
    case (.boolean, _): return truth(run, count, target)
    case (.signed, 1): return integers(run, count, Int8.self, UInt8.self, target)
    case (.signed, 2): return integers(run, count, Int16.self, UInt16.self, target)
    case (.signed, 4): return integers(run, count, Int32.self, UInt32.self, target)
    case (.signed, _): return integers(run, count, Int64.self, UInt64.self, target)
    case (.unsigned, 1): return integers(run, count, UInt8.self, UInt8.self, target)
    case (.unsigned, 2): return integers(run, count, UInt16.self, UInt16.self, target)
    case (.unsigned, 4): return integers(run, count, UInt32.self, UInt32.self, target)
    case (.unsigned, _): return integers(run, count, UInt64.self, UInt64.self, target)
    case (.float, 4): return floats(run, count, target) { Double(Float(bitPattern: $0)) }
    case (.float, _): return floats(run, count, target) { Double(bitPattern: $0) }
    }
  }

  private func truth(_ run: ByteRun, _ count: Int, _ target: UnsafeMutablePointer<Int64>) -> Int? {
    for index in 0..<count { target[index] = run.little(UInt8.self, at: index) == 0 ? 0 : 1 }
    return nil
  }

  private func integers<T: FixedWidthInteger, U: FixedWidthInteger & UnsignedInteger>(
    _ run: ByteRun,
    _ count: Int,
    _ type: T.Type,
    _ bits: U.Type,
    _ target: UnsafeMutablePointer<Int64>
  ) -> Int? {
    var bad: Int?
    for index in 0..<count {
      let value = T(truncatingIfNeeded: element(run, index, bits))
      target[index] = Int64(truncatingIfNeeded: value)
      if !T.isSigned && T.bitWidth == 64 && target[index] < 0 { bad = bad ?? index }
    }
    return bad
  }

  private func floats<U: FixedWidthInteger & UnsignedInteger>(
    _ run: ByteRun,
    _ count: Int,
    _ target: UnsafeMutablePointer<Int64>,
    _ value: (U) -> Double
  ) -> Int? {
    for index in 0..<count {
      guard let integer = Int64(exactly: value(element(run, index, U.self))) else { return index }
      target[index] = integer
    }
    return nil
  }

  @inline(__always)
  private func element<U: FixedWidthInteger & UnsignedInteger>(
    _ run: ByteRun,
    _ index: Int,
    _ type: U.Type
  ) -> U {
    let offset = index &* MemoryLayout<U>.size
    return isBigEndian ? run.big(type, at: offset) : run.little(type, at: offset)
  }
}
