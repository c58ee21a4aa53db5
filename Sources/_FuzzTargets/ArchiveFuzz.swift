import EventIO

/// Reads every array of an archive, as the frames and events of other programs are read.
enum ArchiveFuzz {
  static func run(_ input: [UInt8]) throws {
    guard let archive = try? NPZArchive(ByteSource(bytes: input, name: "input")) else { return }
    for name in archive.names.prefix(8) {
      guard let array = try? archive.array(name) else { continue }
      try require(array.bytes.count == array.header.byteCount, "an array of another size")
      if let values = try? array.values(as: Int32.self) {
        try require(values.count == array.header.count, "another number of values")
      }
    }
  }
}
