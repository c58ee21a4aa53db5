import EventIO
import SpikeNet

/// A ZIP archive, as `torch.save` writes it since torch 1.6.
///
/// | member | content |
/// |---|---|
/// | `NAME/data.pkl` | a pickle, protocol 2; tensors are numbers of storages |
/// | `NAME/data/0`, `NAME/data/1`, … | the bytes of the storages |
/// | `NAME/byteorder` | `little` or `big`; missing in old files, which are little |
struct ZippedTorchFile: TorchContainer {
  let root: PickleValue
  let heap: PickleHeap
  private let archive: ZipArchive
  private let members: [String: Int]
  private let folder: String

  /// The longest pickle that is read; it holds names and sizes, not the tensors.
  private static let longestPickle = 1 << 26
  private static let pickleName = "data.pkl"

  init(_ source: ByteSource) throws(SpikeNetError) {
    let archive = try SpikeNetError.bridging { () throws(RecordingError) in
      try ZipArchive(source)
    }
    let names = archive.entries.map(\.name)
    guard
      let name = names.first(where: { $0 == Self.pickleName || $0.hasSuffix("/" + Self.pickleName) }
      )
    else {
      throw SpikeNetError(
        .mismatch,
        "is a ZIP archive without data.pkl; expected a checkpoint that torch.save wrote"
      )
    }
    self.archive = archive
    members = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    folder = String(name.dropLast(Self.pickleName.count))
    if let order = try Self.content("\(folder)byteorder", members, archive, limit: 16),
      !order.starts(with: Array("little".utf8))
    {
      throw SpikeNetError(.unsupported, "its numbers are big-endian; expected little-endian ones")
    }
    let pickle = try Self.content(name, members, archive, limit: Self.longestPickle) ?? []
    var unpickler = Unpickler(pickle)
    do { root = try unpickler.run() } catch { throw error.at("\(archive.path): \(name)") }
    heap = unpickler.heap
  }

  func bytes(of storage: TorchStorage) throws(SpikeNetError) -> ArraySlice<UInt8> {
    let name = "\(folder)data/\(storage.key)"
    guard let bytes = try Self.content(name, members, archive, limit: .max) else {
      throw SpikeNetError(.corrupt, "its data should be in the member \(name), which is missing")
    }
    return bytes[...]
  }

  /// A member's content; nil if there is no such member.
  private static func content(
    _ name: String,
    _ members: [String: Int],
    _ archive: ZipArchive,
    limit: Int
  ) throws(SpikeNetError) -> [UInt8]? {
    guard let index = members[name] else { return nil }
    let size = archive.entries[index].byteCount
    guard size <= limit else {
      throw SpikeNetError(.unsupported, "\(name) has \(size) bytes, expected at most \(limit)")
    }
    return try SpikeNetError.bridging { () throws(RecordingError) in
      try archive.open(index).readAll()
    }
  }
}
