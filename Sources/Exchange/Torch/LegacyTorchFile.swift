import SpikeNet

/// A row of pickles and data, as `torch.save` wrote it before torch 1.6.
///
/// | part | content |
/// |---|---|
/// | pickle | the number 0x1950A86A20F9469CFC6C |
/// | pickle | the version of the format, 1001 |
/// | pickle | a dictionary; `little_endian` says how numbers are stored |
/// | pickle | what was saved; tensors name their storages by key |
/// | pickle | a list of the keys of all storages |
/// | for each key | the number of elements, 64 bits, and the elements |
struct LegacyTorchFile: TorchContainer {
  let root: PickleValue
  let heap: PickleHeap
  private let bytes: [UInt8]
  private let places: [String: Range<Int>]

  /// The first pickle, protocol 2.
  private static let magic: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]
  private static let version = 1001

  init(_ bytes: [UInt8]) throws(SpikeNetError) {
    guard bytes.starts(with: Self.magic) else {
      let isCut = bytes.count < Self.magic.count && Self.magic.starts(with: bytes)
      throw SpikeNetError(
        isCut ? .corrupt : .mismatch,
        isCut
          ? "ends after \(bytes.count) bytes; it is truncated"
          : "is no file of torch.save: it neither is a ZIP archive nor begins with torch's number",
        byteOffset: isCut ? bytes.count : 0
      )
    }
    var position = Self.magic.count
    try Self.checkPreamble(bytes, &position)
    var main = Unpickler(bytes, at: position)
    root = try main.run()
    heap = main.heap
    position = main.end
    var list = Unpickler(bytes, at: position)
    let result = try list.run()
    let keys = list.heap.items(result)?.compactMap(\.text) ?? []
    self.bytes = bytes
    places = try Self.places(of: keys, heap.storages, bytes, from: list.end)
  }

  private static func checkPreamble(
    _ bytes: [UInt8],
    _ position: inout Int
  ) throws(SpikeNetError) {
    var unpickler = Unpickler(bytes, at: position)
    guard try unpickler.run().integer == version else {
      throw SpikeNetError(
        .unsupported,
        "torch's old format in another version than \(version)",
        byteOffset: position
      )
    }
    position = unpickler.end
    var information = Unpickler(bytes, at: position)
    let result = try information.run()
    let system = information.heap.members(result)
    position = information.end
    if case .truth(false) = system?.first(where: { $0.name == "little_endian" })?.value {
      throw SpikeNetError(.unsupported, "its numbers are big-endian; expected little-endian ones")
    }
  }

  /// Where each storage's elements are; the pickle says what they are.
  private static func places(
    of keys: [String],
    _ storages: [TorchStorage],
    _ bytes: [UInt8],
    from start: Int
  ) throws(SpikeNetError) -> [String: Range<Int>] {
    let types = Dictionary(storages.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var position = start
    var places: [String: Range<Int>] = [:]
    for key in keys {
      guard let storage = types[key], let width = storage.scalarType?.byteCount else {
        throw SpikeNetError(
          .unsupported,
          "storage \(key) is of a type that cannot be read",
          byteOffset: position
        )
      }
      var cursor = PickleBytes(bytes, at: position)
      let count = try cursor.unsigned(8)
      let room = bytes.count - cursor.position
      guard count <= UInt64(room / width) else {
        throw SpikeNetError(
          .corrupt,
          "storage \(key) announces \(count) elements of \(width) bytes, and \(room) bytes follow; "
            + "the file is truncated or damaged",
          byteOffset: position
        )
      }
      position = cursor.position + Int(count) * width
      places[key] = cursor.position..<position
    }
    return places
  }

  func bytes(of storage: TorchStorage) throws(SpikeNetError) -> ArraySlice<UInt8> {
    guard let place = places[storage.key] else {
      throw SpikeNetError(.corrupt, "its data, storage \(storage.key), is missing")
    }
    return bytes[place]
  }
}
