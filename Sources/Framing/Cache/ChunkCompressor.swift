import CDeflate
import CFrameKernels

/// Compresses chunks to zlib's format, in memory that is reused; for one thread at a time.
///
/// Level 1 codes literals and runs only: on event frames that takes half the time of libdeflate's
/// level 1, and its output is a fifth smaller. The other levels are libdeflate's, which is faster
/// than zlib at the same level.
final class ChunkCompressor: @unchecked Sendable {
  /// Room for a chunk before compression, for callers that make one after the other.
  var plain: [UInt8] = []
  private let level: Int
  private let compressor: OpaquePointer
  private var room: [UInt8] = []
  private var tokens: [UInt16] = []

  /// Creates a compressor.
  ///
  /// - Parameter level: From 0 (stored) to 9.
  init(level: Int) {
    guard let compressor = libdeflate_alloc_compressor(Int32(level)) else {
      preconditionFailure("libdeflate has no memory for level \(level)")
    }
    self.compressor = compressor
    self.level = level
  }

  deinit { libdeflate_free_compressor(compressor) }

  /// Compresses bytes and appends the result.
  ///
  /// - Returns: The number of bytes appended.
  func compress(_ bytes: [UInt8], onto output: inout [UInt8]) -> Int {
    let bound = libdeflate_zlib_compress_bound(compressor, bytes.count)
    if room.count < bound { room = [UInt8](repeating: 0, count: bound) }
    if level == 1, let size = compressRuns(bytes, onto: &output) { return size }
    let size = libdeflate_zlib_compress(compressor, bytes, bytes.count, &room, room.count)
    precondition(size > 0, "libdeflate did not fit \(bytes.count) bytes into \(bound)")
    output.append(contentsOf: room[..<size])
    return size
  }

  /// Compresses to literals and runs; nil for bytes that it would hardly shrink.
  private func compressRuns(_ bytes: [UInt8], onto output: inout [UInt8]) -> Int? {
    if tokens.count < bytes.count { tokens = [UInt16](repeating: 0, count: bytes.count) }
    let size = cframe_deflate_runs(bytes, bytes.count, &tokens, &room, room.count)
    guard size > 0 else { return nil }
    // RFC 1950: 32 KiB window, fastest; and the checksum, highest byte first.
    output += [0x78, 0x01]
    output.append(contentsOf: room[..<size])
    let checksum = libdeflate_adler32(1, bytes, bytes.count)
    output += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: checksum >> $0) }
    return size + 6
  }
}
