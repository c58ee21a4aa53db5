/// The messages that describe an object: a group or a dataset.
///
/// | bytes | meaning |
/// |---|---|
/// | 0 | version, 1 |
/// | 2–3 | number of messages |
/// | 8–11 | bytes of messages that follow |
/// | 16… | messages: type u16, size u16, flags u8, 3 unused, content |
///
/// A message of type 16 says where further messages lie. Specification of this and the other
/// structures: <https://docs.hdfgroup.org/hdf5/v1_14/_f_m_t3.html>
struct ObjectHeader {
  /// The kinds of messages that are of use here.
  enum Kind: Int {
    case dataspace = 1
    case datatype = 3
    case oldFillValue = 4
    case fillValue = 5
    case layout = 8
    case filters = 11
    case attribute = 12
    case continuation = 16
    case symbolTable = 17
    case attributeInfo = 21
  }

  private var messages: [(kind: Kind, address: Int, content: ArraySlice<UInt8>)] = []

  private static let prefixBytes = 16

  init(_ file: StoredFile, at address: Int) throws(HDF5Error) {
    let prefix = try file.structure(Self.prefixBytes, at: address)
    guard !prefix.starts(with: "OHDR".utf8) else {
      throw .unsupported("it has an object header of version 2")
    }
    var fields = FieldCursor(prefix)
    let version = try fields.byte()
    guard version == 1 else {
      throw HDF5Error(.corrupt, "an object header has the version \(version)")
    }
    try fields.skip(1)
    var left = try fields.u16()
    try fields.skip(4)
    var blocks = [(address: address + Self.prefixBytes, count: try fields.u32())]
    while let block = blocks.popLast(), left > 0 {
      var messages = FieldCursor(try file.structure(block.count, at: block.address))
      while left > 0, messages.remaining >= 8 {
        left -= 1
        guard let (kind, content) = try Self.next(&messages) else { continue }
        if kind == .continuation {
          var place = FieldCursor(content)
          blocks.append((try place.address(), try place.size()))
        } else {
          // Slices keep the indices of the block that they are taken from.
          self.messages.append((kind, block.address + content.startIndex, content))
        }
      }
    }
  }

  /// The next message; nil for kinds that are of no use here.
  private static func next(
    _ messages: inout FieldCursor
  ) throws(HDF5Error) -> (Kind, ArraySlice<UInt8>)? {
    let type = try messages.u16()
    let size = try messages.u16()
    let flags = try messages.byte()
    try messages.skip(3)
    let content = try messages.take(size)
    guard let kind = Kind(rawValue: type) else { return nil }
    guard flags & 2 == 0 else { throw .unsupported("it shares its type with other objects") }
    return (kind, content)
  }

  /// The first message of a kind.
  func first(_ kind: Kind) -> FieldCursor? {
    messages.first { $0.kind == kind }.map { FieldCursor($0.content) }
  }

  /// All messages of a kind.
  func all(_ kind: Kind) -> [FieldCursor] { places(of: kind).map(\.content) }

  /// All messages of a kind, and where in the file each begins.
  func places(of kind: Kind) -> [(address: Int, content: FieldCursor)] {
    messages.filter { $0.kind == kind }.map { ($0.address, FieldCursor($0.content)) }
  }

  /// A message that there must be.
  func require(_ kind: Kind) throws(HDF5Error) -> FieldCursor {
    guard let message = first(kind) else { throw HDF5Error(.corrupt, "it has no \(kind) message") }
    return message
  }
}
