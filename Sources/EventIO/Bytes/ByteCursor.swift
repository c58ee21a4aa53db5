/// Walks through a window of a longer content.
///
/// It is valid only as long as the window that made it; decoders do not keep it.
package struct ByteCursor {
  private let bytes: UnsafeRawBufferPointer
  private let firstOffset: Int
  private var position = 0

  /// Wraps bytes that start at an offset of the whole content.
  package init(_ bytes: UnsafeRawBufferPointer, offset: Int) {
    self.bytes = bytes
    firstOffset = offset
  }

  /// Where in the whole content the cursor stands.
  package var offset: Int { firstOffset + position }

  /// How many bytes lie ahead in this window.
  package var remaining: Int { bytes.count - position }

  /// How many whole records of a size lie ahead in this window.
  package func wholeRecords(of size: Int) -> Int { remaining / size }

  /// Moves on by `count` bytes, which must lie ahead, and returns them.
  package mutating func take(_ count: Int) -> ByteRun {
    precondition(count >= 0 && count <= remaining, "take \(count) of \(remaining) bytes")
    let run = ByteRun(UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
    position += count
    return run
  }

  /// Moves on by `count` bytes, which must lie ahead.
  package mutating func skip(_ count: Int) { _ = take(count) }

  /// An error at the place where the cursor stands.
  package func error(_ kind: RecordingError.Kind, _ reason: String) -> RecordingError {
    RecordingError(kind, reason, byteOffset: offset)
  }
}

/// Bytes whose number was checked once; every read in them is unchecked.
package struct ByteRun {
  private let base: UnsafeRawPointer?
  /// How many bytes there are.
  package let count: Int

  /// Wraps bytes that outlive the run.
  package init(_ bytes: UnsafeRawBufferPointer) {
    base = bytes.baseAddress
    count = bytes.count
  }

  /// The first byte's address, for a loop in C; nil if there are none.
  var start: UnsafePointer<UInt8>? { base?.assumingMemoryBound(to: UInt8.self) }

  /// A part of the run, which must lie inside.
  package func slice(_ offset: Int, _ length: Int) -> ByteRun {
    precondition(offset >= 0 && length >= 0 && offset <= count && length <= count - offset)
    return ByteRun(UnsafeRawBufferPointer(start: base.map { $0 + offset }, count: length))
  }

  /// The unsigned integer stored at an offset, lowest byte first.
  @inline(__always)
  package func little<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type, at offset: Int) -> T {
    T(littleEndian: load(type, at: offset))
  }

  /// The unsigned integer stored at an offset, highest byte first.
  @inline(__always)
  package func big<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type, at offset: Int) -> T {
    T(bigEndian: load(type, at: offset))
  }

  @inline(__always)
  private func load<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type, at offset: Int) -> T {
    assert(offset >= 0 && offset + MemoryLayout<T>.size <= count)
    return base.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: type)
  }
}
