/// The lines of a table, each as its cells: text between commas, without white space at its ends.
///
/// Works on UTF-8, in which line ends, commas and white space are bytes of their own. Lines end with
/// LF, CR LF or CR.
struct LabelLines: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  private static let (lineFeed, carriageReturn, comma) = (UInt8(0x0A), UInt8(0x0D), UInt8(0x2C))

  /// Begins before the first line; a byte order mark is passed over.
  init(_ text: [UInt8]) {
    rest = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text[3...] : text[...]
  }

  /// The next line; nil after the last.
  mutating func next() -> [String]? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex { $0 == Self.lineFeed || $0 == Self.carriageReturn } ?? rest.endIndex
    let line = rest[..<end]
    rest = rest[end...]
    let isPair = rest.starts(with: [Self.carriageReturn, Self.lineFeed])
    rest = rest.dropFirst(isPair ? 2 : 1)
    return line.split(separator: Self.comma, omittingEmptySubsequences: false).map(Self.trimmed)
  }

  private static func trimmed(_ cell: ArraySlice<UInt8>) -> String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let front = cell.drop(while: isSpace)
    let count = front.reversed().drop(while: isSpace).count
    return String(decoding: front.prefix(count), as: UTF8.self)
  }
}
