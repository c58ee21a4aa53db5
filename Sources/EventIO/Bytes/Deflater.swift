import CZlib

/// Compresses bytes to one raw deflate stream, through zlib.
final class Deflater {
  private var stream = z_stream()

  /// Starts a stream; `level` is 0 to 9, higher is smaller and slower.
  init(level: Int) {
    precondition((0...9).contains(level), "compression level \(level) is outside 0 to 9")
    precondition(
      czlib_deflate_init_raw(&stream, Int32(level)) == Z_OK,
      "zlib has no memory for a stream"
    )
  }

  deinit { deflateEnd(&stream) }

  /// Compresses bytes, and appends what is ready; `isLast` ends the stream.
  func compress(_ bytes: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8]) {
    var position = 0
    repeat {
      let count = min(bytes.count - position, 1 << 30)
      let part = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
      position += count
      run(part, flush: isLast && position == bytes.count ? Z_FINISH : Z_NO_FLUSH, into: &output)
    } while position < bytes.count
  }

  private func run(_ part: UnsafeRawBufferPointer, flush: Int32, into output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { room in
      let start = part.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.next_in = UnsafeMutablePointer(mutating: start)
      stream.avail_in = uInt(part.count)
      repeat {
        stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = uInt(room.count)
        let status = deflate(&stream, flush)
        precondition(status != Z_STREAM_ERROR, "zlib: inconsistent stream")
        output.append(contentsOf: room[..<(room.count - Int(stream.avail_out))])
      } while stream.avail_out == 0
    }
  }
}
