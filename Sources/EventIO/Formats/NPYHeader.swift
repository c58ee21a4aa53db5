/// What stands in front of a NumPy array.
///
/// | bytes | meaning |
/// |---|---|
/// | 0–5 | 0x93 `NUMPY` |
/// | 6–7 | version: 1.0, 2.0 or 3.0 |
/// | 8–9, or 8–11 from version 2 on | length of the text, little-endian |
/// | then | a Python dictionary: `descr`, `fortran_order`, `shape`; padded with spaces, ends in LF |
///
/// Specification: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
public struct NPYHeader: Hashable, Sendable {
  /// The element type.
  public var type: NPYType
  /// The lengths of the dimensions, slowest first; empty for a single number.
  public var shape: [Int]
  /// Whether the first dimension varies fastest.
  public var isFortranOrder: Bool
  /// How many elements there are.
  public private(set) var count: Int
  /// How many bytes the elements take.
  public private(set) var byteCount: Int

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Plain arrays need a hundred bytes; a longer text is taken for damage.
  private static let maximumTextBytes = 1 << 16

  /// Creates a header for elements in row-major order.
  ///
  /// - Throws: ``RecordingError`` if a length is negative or the product is no 64-bit number.
  public init(
    type: NPYType,
    shape: [Int],
    isFortranOrder: Bool = false
  ) throws(RecordingError) {
    var bytes = type.byteCount
    for length in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else {
        throw RecordingError(.corrupt, "the array's shape \(shape) is impossible")
      }
      bytes = product
    }
    self.type = type
    self.shape = shape
    self.isFortranOrder = isFortranOrder
    byteCount = bytes
    count = bytes / type.byteCount
  }

  /// Reads a header; the source stands before the elements afterwards.
  ///
  /// - Throws: ``RecordingError`` if it is damaged, or if the source cannot hold the elements.
  init(_ source: ByteSource) throws(RecordingError) {
    let start = try NPYHeader.take(10, from: source)
    guard start.starts(with: NPYHeader.magic), (1...3).contains(start[6]) else {
      throw RecordingError(.corrupt, "is not a NumPy array: it starts with \(start.prefix(8))")
    }
    var textBytes = Int(LittleEndian(start[...]).u16(8))
    if start[6] > 1 {
      let high = try NPYHeader.take(2, from: source)
      textBytes += Int(LittleEndian(high[...]).u16(0)) << 16
    }
    guard textBytes <= NPYHeader.maximumTextBytes else {
      throw RecordingError(.corrupt, "its NumPy header has \(textBytes) bytes")
    }
    let text = try NPYHeader.take(textBytes, from: source)
    var parser = PythonLiteralParser(text)
    let fields = try NPYHeader.fields(try parser.parse())
    try self.init(type: fields.type, shape: fields.shape, isFortranOrder: fields.isFortranOrder)
    if let total = source.byteCount, total - source.position != byteCount {
      throw RecordingError(
        .corrupt,
        "an array \(type) \(shape) needs \(byteCount) bytes, but has \(total - source.position)"
      )
    }
  }

  /// The header's bytes, as NumPy writes version 1.0: a multiple of 64, so that elements align.
  func encoded() -> [UInt8] {
    let lengths = shape.map { "\($0)" }.joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(lengths),)" : "(\(lengths))"
    let order = isFortranOrder ? "True" : "False"
    let text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(tuple), }"
    let total = (10 + text.utf8.count + 1 + 63) / 64 * 64
    let textBytes = total - 10
    var bytes = NPYHeader.magic + [1, 0, UInt8(textBytes & 0xFF), UInt8(textBytes >> 8)]
    bytes += text.utf8
    bytes += [UInt8](repeating: 0x20, count: total - bytes.count - 1)
    return bytes + [0x0A]
  }

  private static func take(
    _ count: Int,
    from source: ByteSource
  ) throws(RecordingError) -> [UInt8] {
    let bytes = try source.take(count)
    guard bytes.count == count else {
      throw RecordingError(.corrupt, "ends inside its NumPy header")
    }
    return bytes
  }

  private static func fields(
    _ literal: PythonLiteral
  ) throws(RecordingError) -> (type: NPYType, shape: [Int], isFortranOrder: Bool) {
    guard case .dictionary(let entries) = literal else { throw PythonLiteralParser.damaged }
    switch entries["descr"] {
    case .string(let type):
      guard case .truth(let isFortranOrder) = entries["fortran_order"],
        case .tuple(let items) = entries["shape"]
      else { throw PythonLiteralParser.damaged }
      var shape: [Int] = []
      for item in items {
        guard case .integer(let length) = item else { throw PythonLiteralParser.damaged }
        shape.append(length)
      }
      return (try NPYType(type), shape, isFortranOrder)
    case .some:
      throw RecordingError(.unsupported, "arrays of records cannot be read; expected plain numbers")
    case .none: throw PythonLiteralParser.damaged
    }
  }
}
