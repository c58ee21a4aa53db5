/// Puts a ZIP archive together, member by member; the layout is that of ``ZipDirectory``.
///
/// Sizes that need it are written with 64 bits. There are no dates, so that equal members give
/// equal archives.
struct ZipEncoder {
  private var directory: [UInt8] = []
  private var count = 0
  private var offset = 0

  private static let maximum32 = 0xFFFF_FFFF
  /// The extra field that torch pads its archives with, `FB`.
  private static let paddingField: UInt16 = 0x4246
  /// 1980-01-01, the first day that the format knows.
  private static let date: UInt16 = 1 << 5 | 1

  /// The bytes of the next member: its header and its content.
  mutating func member(
    _ name: String,
    _ content: [UInt8],
    _ compression: NPZWriter.Compression
  ) -> [UInt8] {
    member(name, content, compression.pack(content) {}, compression.method)
  }

  /// The bytes of the next member, whose content was packed by a method before.
  ///
  /// - Parameter alignment: The content begins at a multiple of so many bytes, at most 4096.
  mutating func member(
    _ name: String,
    _ content: [UInt8],
    _ packed: [UInt8],
    _ method: UInt16,
    alignment: Int = 1
  ) -> [UInt8] {
    var sum = CRC32()
    content.withUnsafeBytes { sum.update($0) }
    var entry = Entry(
      name: Array(name.utf8),
      method: method,
      checksum: sum.value,
      compressedSize: packed.count,
      size: content.count,
      offset: offset
    )
    directory += entry.directoryRecord()
    count += 1
    entry.pad(to: alignment)
    let bytes = entry.localHeader() + packed
    offset += bytes.count
    return bytes
  }

  /// The bytes after the last member: the directory and its end.
  func end() -> [UInt8] {
    var bytes = directory
    let isLarge =
      offset >= ZipEncoder.maximum32 || directory.count >= ZipEncoder.maximum32 || count >= 0xFFFF
    if isLarge { bytes += largeEnd() }
    bytes.append(little: UInt32(0x0605_4B50))
    bytes.append(little: UInt32(0))
    bytes.append(little: UInt16(isLarge ? 0xFFFF : count))
    bytes.append(little: UInt16(isLarge ? 0xFFFF : count))
    bytes.append(little: UInt32(isLarge ? ZipEncoder.maximum32 : directory.count))
    bytes.append(little: UInt32(isLarge ? ZipEncoder.maximum32 : offset))
    bytes.append(little: UInt16(0))
    return bytes
  }

  /// The 64-bit end record and its locator.
  private func largeEnd() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(0x0606_4B50))
    bytes.append(little: UInt64(44))
    bytes.append(little: UInt16(45))
    bytes.append(little: UInt16(45))
    bytes.append(little: UInt64(0))
    bytes.append(little: UInt64(count))
    bytes.append(little: UInt64(count))
    bytes.append(little: UInt64(directory.count))
    bytes.append(little: UInt64(offset))
    bytes.append(little: UInt32(0x0706_4B50))
    bytes.append(little: UInt32(0))
    bytes.append(little: UInt64(offset + directory.count))
    bytes.append(little: UInt32(1))
    return bytes
  }
}

extension ZipEncoder {
  /// What the local header and the directory record of a member have in common.
  private struct Entry {
    let name: [UInt8]
    let method: UInt16
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    let offset: Int
    /// An extra field of zeros, which puts the content where it shall begin.
    private var padding: [UInt8] = []

    init(
      name: [UInt8],
      method: UInt16,
      checksum: UInt32,
      compressedSize: Int,
      size: Int,
      offset: Int
    ) {
      self.name = name
      self.method = method
      self.checksum = checksum
      self.compressedSize = compressedSize
      self.size = size
      self.offset = offset
    }

    /// Pads the local header so that what follows it begins at a multiple of `alignment`.
    mutating func pad(to alignment: Int) {
      let excess = (offset + localHeader().count) % alignment
      guard excess != 0 else { return }
      // A field has 4 bytes of its own.
      let length = (2 * alignment - excess - 4) % alignment
      padding.append(little: ZipEncoder.paddingField)
      padding.append(little: UInt16(length))
      padding += [UInt8](repeating: 0, count: length)
    }

    private var isLarge: Bool {
      max(compressedSize, size, offset) >= ZipEncoder.maximum32
    }

    func localHeader() -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(little: UInt32(0x0403_4B50))
      appendCommon(to: &bytes)
      let extra = (isLarge ? largeSizes([size, compressedSize]) : []) + padding
      bytes.append(little: UInt16(extra.count))
      return bytes + name + extra
    }

    func directoryRecord() -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(little: UInt32(0x0201_4B50))
      bytes.append(little: UInt16(45))
      appendCommon(to: &bytes)
      let extra = isLarge ? largeSizes([size, compressedSize, offset]) : []
      bytes.append(little: UInt16(extra.count))
      for _ in 0..<5 { bytes.append(little: UInt16(0)) }
      bytes.append(little: UInt32(isLarge ? ZipEncoder.maximum32 : offset))
      return bytes + name + extra
    }

    /// Version, flags (names are UTF-8), method, date, checksum, sizes, length of the name.
    private func appendCommon(to bytes: inout [UInt8]) {
      bytes.append(little: UInt16(isLarge ? 45 : 20))
      bytes.append(little: UInt16(1 << 11))
      bytes.append(little: method)
      bytes.append(little: UInt16(0))
      bytes.append(little: ZipEncoder.date)
      bytes.append(little: checksum)
      bytes.append(little: UInt32(isLarge ? ZipEncoder.maximum32 : compressedSize))
      bytes.append(little: UInt32(isLarge ? ZipEncoder.maximum32 : size))
      bytes.append(little: UInt16(name.count))
    }

    private func largeSizes(_ sizes: [Int]) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(little: UInt16(1))
      bytes.append(little: UInt16(8 * sizes.count))
      for size in sizes { bytes.append(little: UInt64(size)) }
      return bytes
    }
  }
}
