import CZlib

/// zlib's format for chunks, in memory that is reused.
///
/// Runs outside the HDF5 lock, on as many threads as there are callers.
enum ChunkCompression {
  /// Compresses bytes.
  ///
  /// - Parameter level: From 0 (stored) to 9.
  static func deflate(_ bytes: [UInt8], level: Int) -> [UInt8] {
    var size = compressBound(uLong(bytes.count))
    var compressed = [UInt8](repeating: 0, count: Int(size))
    let status = compress2(&compressed, &size, bytes, uLong(bytes.count), Int32(level))
    precondition(status == Z_OK, "compress2 returned \(status) for level \(level)")
    compressed.removeLast(compressed.count - Int(size))
    return compressed
  }

  /// Inflates bytes to exactly `count`.
  ///
  /// - Returns: Whether they were whole and gave that many; zlib's checksum is verified.
  static func inflate(_ compressed: [UInt8], into bytes: inout [UInt8], count: Int) -> Bool {
    if bytes.count > count { bytes.removeLast(bytes.count - count) }
    if bytes.count < count {
      bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    }
    var size = uLong(count)
    return uncompress(&bytes, &size, compressed, uLong(compressed.count)) == Z_OK
      && size == uLong(count)
  }
}
