/// A value in the text of a NumPy header.
indirect enum PythonLiteral: Equatable {
  case string(String)
  case integer(Int)
  case truth(Bool)
  case tuple([PythonLiteral])
  case dictionary([String: PythonLiteral])
}

/// Reads the few Python literals that NumPy headers use; nothing is ever evaluated.
struct PythonLiteralParser {
  static let damaged = RecordingError(.corrupt, "its NumPy header is damaged")
  /// Real headers nest twice.
  private static let maximumDepth = 8

  private var rest: ArraySlice<UInt8>

  init(_ text: [UInt8]) { rest = text[...] }

  /// Reads one literal; only white space may follow.
  mutating func parse() throws(RecordingError) -> PythonLiteral {
    let literal = try value(depth: 0)
    guard peek() == nil else { throw PythonLiteralParser.damaged }
    return literal
  }

  private mutating func value(depth: Int) throws(RecordingError) -> PythonLiteral {
    guard depth < PythonLiteralParser.maximumDepth, let byte = peek() else {
      throw PythonLiteralParser.damaged
    }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "("): return .tuple(try items(until: ")", depth: depth))
    case UInt8(ascii: "["): return .tuple(try items(until: "]", depth: depth))
    case UInt8(ascii: "{"): return .dictionary(try entries(depth: depth))
    case UInt8(ascii: "T"), UInt8(ascii: "F"): return .truth(try truth())
    default: return .integer(try integer())
    }
  }

  private mutating func items(
    until close: Unicode.Scalar,
    depth: Int
  ) throws(RecordingError) -> [PythonLiteral] {
    rest.removeFirst()
    var items: [PythonLiteral] = []
    while !take(close) {
      items.append(try value(depth: depth + 1))
      if take(",") { continue }
      guard take(close) else { throw PythonLiteralParser.damaged }
      break
    }
    return items
  }

  private mutating func entries(depth: Int) throws(RecordingError) -> [String: PythonLiteral] {
    rest.removeFirst()
    var entries: [String: PythonLiteral] = [:]
    while !take("}") {
      guard case .string(let key) = try value(depth: depth + 1), take(":"),
        entries.updateValue(try value(depth: depth + 1), forKey: key) == nil
      else { throw PythonLiteralParser.damaged }
      if take(",") { continue }
      guard take("}") else { throw PythonLiteralParser.damaged }
      break
    }
    return entries
  }

  private mutating func string() throws(RecordingError) -> String {
    let quote = rest.removeFirst()
    guard let end = rest.firstIndex(of: quote), !rest[..<end].contains(UInt8(ascii: "\\")) else {
      throw PythonLiteralParser.damaged
    }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func truth() throws(RecordingError) -> Bool {
    for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      rest = rest.dropFirst(word.utf8.count)
      return value
    }
    throw PythonLiteralParser.damaged
  }

  /// Digits, with the `L` that Python 2 appends.
  private mutating func integer() throws(RecordingError) -> Int {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw PythonLiteralParser.damaged
    }
    rest = rest.dropFirst(digits.count)
    if rest.first == UInt8(ascii: "L") { rest.removeFirst() }
    return value
  }

  /// The next byte that is not white space.
  private mutating func peek() -> UInt8? {
    rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    return rest.first
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }
}
