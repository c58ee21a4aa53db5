import CZlib

/// Expands a gzip file, through zlib; length and checksum of every part are verified.
///
/// Parts that follow each other are one stream, and zeros after the last are padding (RFC 1952).
final class GzipStream {
  private var stream = z_stream()
  private let source: ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  private var isAtEnd = false

  /// How gzip data begins.
  static let mark: [UInt8] = [0x1F, 0x8B]

  /// Expands what a source delivers.
  init(_ source: ByteSource) {
    self.source = source
    precondition(czlib_inflate_init_gzip(&stream) == Z_OK, "zlib has no memory for a stream")
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// Fills a buffer with expanded bytes; returns fewer only at the end of the stream.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int {
    var filled = 0
    while filled < buffer.count && !isAtEnd {
      if stream.avail_in == 0, try !refill() {
        throw RecordingError(
          .corrupt,
          "the compressed data ends too early; download the file again",
          byteOffset: source.position
        )
      }
      filled += try expand(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
    }
    return filled
  }

  private func refill() throws(RecordingError) -> Bool {
    let count = try source.read(into: input)
    stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = uInt(count)
    return count > 0
  }

  private func expand(into room: UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int {
    let wanted = min(room.count, 1 << 30)
    stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = uInt(wanted)
    switch inflate(&stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: try beginNextPart()
    case let status:
      let detail = stream.msg.map { String(cString: $0) } ?? "status \(status)"
      throw RecordingError(
        .corrupt,
        "the compressed data is damaged: \(detail); download the file again",
        byteOffset: source.position - Int(stream.avail_in)
      )
    }
    return wanted - Int(stream.avail_out)
  }

  /// Stands at the next part, or at the end where only zeros follow.
  private func beginNextPart() throws(RecordingError) {
    repeat {
      while stream.avail_in > 0, let next = stream.next_in, next.pointee == 0 {
        stream.next_in = next + 1
        stream.avail_in -= 1
      }
      if stream.avail_in > 0 {
        precondition(inflateReset(&stream) == Z_OK, "zlib: inconsistent stream")
        return
      }
    } while try refill()
    isAtEnd = true
  }
}
