import CDeflate

/// The filters that chunks passed through on their way to the file, and how to undo them.
struct FilterPipeline: Sendable {
  private enum Step: Sendable {
    case deflate
    case shuffle(width: Int)
    case checksum
  }

  private let steps: [Step]
  /// The filters in the order in which they were applied.
  let filters: [HDF5Filter]

  /// No filters.
  init() {
    steps = []
    filters = []
  }

  /// Reads a filter message: version u8, count u8, in version 1 six unused bytes, then per filter
  /// number u16, name length u16 (version 1, and numbers from 256 on), flags u16, count u16, the
  /// name, and as many u32 values.
  init(_ message: FieldCursor) throws(HDF5Error) {
    var fields = message
    let version = try fields.byte()
    guard version == 1 || version == 2 else {
      throw HDF5Error(.corrupt, "a list of filters has the version \(version)")
    }
    let count = try fields.byte()
    if version == 1 { try fields.skip(6) }
    var steps: [Step] = []
    var filters: [HDF5Filter] = []
    for _ in 0..<count {
      let number = try fields.u16()
      let nameBytes = version == 1 || number >= 256 ? try fields.u16() : 0
      try fields.skip(2)
      let valueCount = try fields.u16()
      try fields.skip(version == 1 ? (nameBytes + 7) & ~7 : nameBytes)
      var values: [Int] = []
      for _ in 0..<valueCount { values.append(try fields.u32()) }
      if version == 1 && valueCount % 2 == 1 { try fields.skip(4) }
      let value = values.first ?? 0
      switch number {
      case 1: (steps, filters) = (steps + [.deflate], filters + [.deflate(level: value)])
      case 2: (steps, filters) = (steps + [.shuffle(width: value)], filters + [.shuffle])
      case 3: (steps, filters) = (steps + [.checksum], filters + [.other(number)])
      default:
        throw HDF5Error(
          .unsupported,
          "it is compressed by the filter number \(number); copy it with h5py and "
            + "compression='gzip'"
        )
      }
    }
    self.steps = steps
    self.filters = filters
  }

  /// The most that stored bytes can become: deflate shrinks at most 1032 to 1.
  func largestContent(of storedCount: Int) -> Int {
    steps.reduce(storedCount) { count, step in
      guard case .deflate = step else { return count }
      let (product, overflow) = count.multipliedReportingOverflow(by: 1032)
      return overflow ? .max : product
    }
  }

  /// Undoes the filters.
  ///
  /// - Parameters:
  ///   - bytes: The chunk as it is stored, and afterwards its elements.
  ///   - spare: Memory that is reused.
  ///   - mask: Bit i is set if filter i was left out.
  ///   - count: How many bytes the elements have.
  func undo(
    _ bytes: inout [UInt8],
    _ spare: inout [UInt8],
    mask: UInt32,
    count: Int
  ) throws(HDF5Error) {
    for (index, step) in steps.enumerated().reversed() {
      if index < 32 && mask >> UInt32(index) & 1 == 1 { continue }
      switch step {
      case .checksum:
        try Fletcher32.check(&bytes)
      case .deflate:
        // Only a checksum may stand between the elements and deflate.
        let expected = steps[..<index].reduce(count) { size, step in
          if case .checksum = step { size + 4 } else { size }
        }
        guard Self.inflate(bytes, into: &spare, count: expected) else {
          throw HDF5Error(.corrupt, "its compressed data is damaged")
        }
        swap(&bytes, &spare)
      case .shuffle(let width):
        guard width > 1, width <= bytes.count else { continue }
        Self.unshuffle(bytes, into: &spare, width: width)
        swap(&bytes, &spare)
      }
    }
    guard bytes.count == count else {
      throw HDF5Error(.corrupt, "it has \(bytes.count) bytes, its elements need \(count)")
    }
  }

  /// Inflates to exactly `count` bytes; says whether that succeeded, checksum included.
  private static func inflate(_ stored: [UInt8], into bytes: inout [UInt8], count: Int) -> Bool {
    // Its eleven kilobytes cost a microsecond; to share them would need a lock.
    guard let decompressor = libdeflate_alloc_decompressor() else { return false }
    defer { libdeflate_free_decompressor(decompressor) }
    resize(&bytes, to: count)
    // Without a place for the size, it must be exactly `count`.
    let status = libdeflate_zlib_decompress(
      decompressor,
      stored,
      stored.count,
      &bytes,
      count,
      nil
    )
    return status == LIBDEFLATE_SUCCESS
  }

  /// Puts the bytes of each element together again; bytes beyond the last whole element stay.
  private static func unshuffle(_ bytes: [UInt8], into target: inout [UInt8], width: Int) {
    resize(&target, to: bytes.count)
    let count = bytes.count / width
    bytes.withUnsafeBufferPointer { bytes in
      target.withUnsafeMutableBufferPointer { target in
        guard let source = bytes.baseAddress, let target = target.baseAddress else { return }
        for plane in 0..<width {
          let row = source + plane * count
          for index in 0..<count { target[index * width + plane] = row[index] }
        }
        for index in count * width..<bytes.count { target[index] = source[index] }
      }
    }
  }
}

/// The checksum that HDF5 appends to chunks on request.
enum Fletcher32 {
  /// Checks the four bytes at the end, and removes them.
  static func check(_ bytes: inout [UInt8]) throws(HDF5Error) {
    guard bytes.count >= 4 else { throw HDF5Error(.corrupt, "it has no room for its checksum") }
    let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    bytes.removeLast(4)
    guard sum(bytes) == stored else { throw HDF5Error(.corrupt, "its checksum is wrong") }
  }

  /// Two sums modulo 65535 over 16-bit words, highest byte first; an odd byte is a word's high one.
  static func sum(_ bytes: [UInt8]) -> UInt32 {
    var (first, second): (UInt64, UInt64) = (0, 0)
    for index in stride(from: 0, to: bytes.count, by: 2) {
      let low = index + 1 < bytes.count ? UInt64(bytes[index + 1]) : 0
      first = (first + (UInt64(bytes[index]) << 8 | low)) % 65535
      second = (second + first) % 65535
    }
    return UInt32(second) << 16 | UInt32(first)
  }
}
