/// The part of a byte source that is in memory: one buffer, refilled from the front.
///
/// Bytes that were not taken stay, and the next ones follow them.
final class ByteWindow {
  /// The source's size, if it is known.
  let byteCount: Int?
  private let source: ByteSource
  private let chunkBytes: Int
  private var storage: UnsafeMutableRawBufferPointer
  private var held: Range<Int> = 0..<0
  /// Where in the source the first held byte is.
  private(set) var offset = 0

  init(_ source: ByteSource, chunkBytes: Int) {
    self.source = source
    // A short recording needs no more room than it has bytes.
    self.chunkBytes = min(chunkBytes, max(64, source.byteCount ?? .max))
    byteCount = source.byteCount
    storage = .allocate(byteCount: 0, alignment: 64)
  }

  deinit { storage.deallocate() }

  /// The bytes in memory.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[held]) }

  /// A cursor before the first byte in memory; valid until the next `refill`.
  var cursor: ByteCursor { ByteCursor(bytes, offset: offset) }

  /// The whole content for reading at any offset, without moving on; nil for pipes and functions.
  func scan() -> SeekableBytes? { source.scan() }

  /// Forgets the first `count` bytes.
  func drop(_ count: Int) {
    held = held.lowerBound + count..<held.upperBound
    offset += count
  }

  /// Reads the next chunk behind the bytes in memory; false if the source has no more.
  func refill() throws(RecordingError) -> Bool {
    makeRoom()
    let room = UnsafeMutableRawBufferPointer(
      rebasing: storage[held.upperBound..<held.upperBound + chunkBytes]
    )
    let count = try source.read(into: room)
    held = held.lowerBound..<held.upperBound + count
    return count > 0
  }

  /// Makes room for a chunk: by moving the held bytes to the front, or into a larger buffer.
  private func makeRoom() {
    guard storage.count - held.upperBound < chunkBytes else { return }
    if held.count + chunkBytes > storage.count || held.count > storage.count / 2 {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(2 * held.count, 256) + chunkBytes,
        alignment: 64
      )
      larger.copyMemory(from: bytes)
      storage.deallocate()
      storage = larger
    } else if !held.isEmpty {
      storage.copyMemory(from: bytes)
    }
    held = 0..<held.count
  }
}
