/// Bytes that can be read at any offset: a regular file, or memory.
final class SeekableBytes: Sendable {
  private enum Origin: Sendable {
    case file(InputFile)
    case memory([UInt8])
  }

  /// The path, or the name that the caller gave.
  let name: String
  /// How many bytes there are.
  let byteCount: Int
  private let origin: Origin

  init(_ file: InputFile, byteCount: Int, name: String) {
    self.name = name
    self.byteCount = byteCount
    origin = .file(file)
  }

  init(_ bytes: [UInt8], name: String) {
    self.name = name
    byteCount = bytes.count
    origin = .memory(bytes)
  }

  /// Fills a buffer with the bytes at an offset; returns how many there were.
  func read(
    into buffer: UnsafeMutableRawBufferPointer,
    at offset: Int
  ) throws(RecordingError) -> Int {
    guard offset >= 0, offset < byteCount else { return 0 }
    switch origin {
    case .memory(let bytes):
      let slice = bytes[offset...].prefix(buffer.count)
      buffer.copyBytes(from: slice)
      return slice.count
    case .file(let file):
      var filled = 0
      while filled < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = try file.read(into: rest, at: offset + filled)
        if count == 0 { break }
        filled += count
      }
      return filled
    }
  }

  /// The bytes of a range; throws if the content has fewer, before memory is taken for them.
  func bytes(_ count: Int, at offset: Int) throws(RecordingError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else {
      throw RecordingError(
        .corrupt,
        "needs \(count) bytes here, but the file has \(byteCount); it is truncated",
        byteOffset: offset
      )
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    guard try read(into: buffer, at: offset) == count else {
      throw RecordingError(.inputOutput, "the file became shorter", byteOffset: offset)
    }
    return [UInt8](buffer)
  }

  /// A source that delivers the bytes of a range, which must lie inside.
  func source(_ range: Range<Int>) -> ByteSource {
    var next = range.lowerBound
    return ByteSource(name: name, byteCount: range.count) { buffer throws(RecordingError) in
      let wanted = min(buffer.count, range.upperBound - next)
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
      let count = try self.read(into: part, at: next)
      next += count
      return count
    }
  }
}
