import CZlib

/// Expands one raw deflate stream, through zlib.
final class Inflater {
  private var stream = z_stream()
  private let source: ByteSource
  private let input: UnsafeMutableRawBufferPointer
  private(set) var isAtEnd = false

  /// Expands the stream that a source delivers.
  init(_ source: ByteSource) {
    self.source = source
    input = .allocate(byteCount: max(1, min(source.byteCount ?? .max, 1 << 16)), alignment: 16)
    precondition(czlib_inflate_init_raw(&stream) == Z_OK, "zlib has no memory for a stream")
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// How many compressed bytes have been used.
  var consumed: Int { source.position - Int(stream.avail_in) }

  /// Fills a buffer with expanded bytes; returns fewer only at the end of the stream.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int {
    var filled = 0
    while filled < buffer.count && !isAtEnd {
      if stream.avail_in == 0 { try refill() }
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      filled += try expand(into: room)
    }
    return filled
  }

  private func refill() throws(RecordingError) {
    let count = try source.read(into: input)
    stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = uInt(count)
  }

  private func expand(into room: UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int {
    let wanted = min(room.count, 1 << 30)
    stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = uInt(wanted)
    let hadInput = stream.avail_in > 0
    let status = inflate(&stream, Z_NO_FLUSH)
    let count = wanted - Int(stream.avail_out)
    switch status {
    case Z_STREAM_END: isAtEnd = true
    case Z_OK: break
    case Z_BUF_ERROR where hadInput || count > 0: break
    case Z_BUF_ERROR: throw RecordingError(.corrupt, "the compressed data ends too early")
    default:
      let detail = stream.msg.map { String(cString: $0) } ?? "status \(status)"
      throw RecordingError(.corrupt, "the compressed data is damaged: \(detail)")
    }
    return count
  }
}
