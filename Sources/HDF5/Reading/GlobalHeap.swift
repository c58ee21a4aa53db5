/// Strings of variable length: elements refer to objects in heaps, blocks of the file.
///
/// | structure | content |
/// |---|---|
/// | reference | length u32, address of the heap u64, object u32 |
/// | heap | `GCOL`, version u8, 3 unused, size u64, objects |
/// | object | number u16, references u16, 4 unused, size u64, bytes padded to eight; 0 is free space |
struct GlobalHeap {
  private let file: StoredFile
  private var heaps: [Int: Heap] = [:]

  private struct Heap {
    let bytes: [UInt8]
    let objects: [Int: Range<Int>]
  }

  private static let headerBytes = 16

  init(_ file: StoredFile) { self.file = file }

  /// The string that the next reference names.
  mutating func string(_ reference: inout FieldCursor) throws(HDF5Error) -> String {
    let length = try reference.u32()
    let address = try reference.optionalAddress()
    let number = try reference.u32()
    guard length > 0 else { return "" }
    guard let address else { throw HDF5Error(.corrupt, "a string lies nowhere") }
    let heap = try heap(at: address)
    guard let range = heap.objects[number], length <= range.count else {
      throw HDF5Error(.corrupt, "a string of \(length) bytes is not where it should be")
    }
    try file.chargeContent(length + 64)
    return String(decoding: heap.bytes[range].prefix(length).prefix { $0 != 0 }, as: UTF8.self)
  }

  private mutating func heap(at address: Int) throws(HDF5Error) -> Heap {
    if let heap = heaps[address] { return heap }
    var header = FieldCursor(try file.structure(Self.headerBytes, at: address))
    try header.expect("GCOL")
    try header.skip(4)
    let size = try header.size()
    guard size >= Self.headerBytes else {
      throw HDF5Error(.corrupt, "a heap of strings has \(size) bytes")
    }
    let bytes = try file.structure(size, at: address)
    let heap = Heap(bytes: bytes, objects: try Self.objects(bytes))
    heaps[address] = heap
    return heap
  }

  private static func objects(_ bytes: [UInt8]) throws(HDF5Error) -> [Int: Range<Int>] {
    var objects: [Int: Range<Int>] = [:]
    var fields = FieldCursor(bytes[headerBytes...])
    while fields.remaining >= 16 {
      let number = try fields.u16()
      try fields.skip(6)
      let size = try fields.size()
      guard number != 0 else { break }
      let start = bytes.count - fields.remaining
      try fields.skip(size)
      objects[number] = start..<start + size
      try fields.skip(min(-size & 7, fields.remaining))
    }
    return objects
  }
}
