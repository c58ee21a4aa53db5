import Foundation
import Synchronization

/// A file of checksummed records that only grows, so that work survives whatever ends the program.
///
/// While one process has a journal open, others cannot open it. A record is 32 bytes of header and
/// its payload; numbers are in this machine's byte order:
///
/// | byte | type | meaning |
/// |---|---|---|
/// | 0 | u32 | `mark` |
/// | 4 | u32 | CRC-32 of the bytes from 8 on, and of the payload |
/// | 8 | u32 | the kind |
/// | 12 | u32 | a number that belongs to the kind |
/// | 16 | u64 | what it is about: a sample's or recording's index |
/// | 24 | u64 | bytes of payload |
///
/// What a torn or damaged record held is not there: the end of the file is cut off where it makes
/// no sense, and records whose checksum is wrong are passed over.
///
/// Records are written some at a time: whatever ends the program takes a tenth of a second's work
/// with it, or the next record's.
final class Journal: Sendable {
  /// What a record is about.
  enum Kind: UInt32 {
    case identity = 1
    case sample = 2
    case recording = 3
  }

  /// A record whose payload is in the file.
  struct Entry: Sendable {
    let kind: Kind
    let tag: UInt32
    let index: Int
    fileprivate let payload: Range<Int>
    fileprivate let checksum: UInt32
  }

  /// The file.
  let path: String
  private let descriptor: Int32
  private let state = Mutex(State())

  private struct State {
    /// Where the next record will begin.
    var end = 0
    /// Records that are not in the file yet, and where each of them ends.
    var pending: [UInt8] = []
    var pendingEnds: [Int] = []
    var lastWrite = ContinuousClock.now
    /// Why records cannot be written any more.
    var failure: FramingError?

    /// Where the file ends.
    var writtenEnd: Int { end - pending.count }
  }

  private static let pendingBytes = 1 << 18
  private static let pendingTime = Duration.milliseconds(100)

  /// Opens a journal, or creates an empty one, and keeps other processes from it.
  ///
  /// - Throws: ``FramingError`` of kind `output`: another process has it, or it cannot be opened.
  init(_ path: String) throws(FramingError) {
    self.path = path
    descriptor = try Self.openLocked(path)
  }

  deinit { close(descriptor) }

  private static func openLocked(_ path: String) throws(FramingError) -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw .output(path, "cannot be created") }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw FramingError(
          .output,
          "another process is writing this output; wait for it, or choose another output",
          path: path
        )
      }
      // Its owner may have removed the file between the two calls: then there is a new one.
      var (opened, named) = (stat(), stat())
      if fstat(descriptor, &opened) == 0, lstat(path, &named) == 0, opened.st_ino == named.st_ino {
        return descriptor
      }
      close(descriptor)
    }
  }

  /// Reads what is there and verifies it, then cuts off what makes no sense at the end.
  ///
  /// - Throws: ``FramingError`` of kind `usage` for a file that is no journal, `output` if it cannot
  ///   be read.
  func recover() throws(FramingError) -> [Entry] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .output(path, "cannot be examined") }
    let size = Int(status.st_size)
    let front = try read(0, 4)
    guard JournalHeader.mayBegin(with: front) else {
      throw FramingError(.usage, "is in the way: this is not a journal; move it", path: path)
    }
    var entries: [Entry] = []
    var position = 0
    while let header = try JournalHeader(read(position, JournalHeader.byteCount)),
      header.byteCount <= size - position - JournalHeader.byteCount
    {
      let start = position + JournalHeader.byteCount
      position = start + header.byteCount
      guard let kind = Kind(rawValue: header.kind) else { continue }
      let entry = Entry(
        kind: kind,
        tag: header.tag,
        index: header.index,
        payload: start..<position,
        checksum: header.checksum
      )
      if try payload(of: entry) != nil { entries.append(entry) }
    }
    guard ftruncate(descriptor, off_t(position)) == 0 else {
      throw .output(path, "cannot be shortened")
    }
    state.withLock { $0.end = position }
    return entries
  }

  /// Whether the file has no byte.
  var isEmpty: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_size == 0
  }

  /// Removes all records.
  func clear() throws(FramingError) {
    guard ftruncate(descriptor, 0) == 0 else { throw .output(path, "cannot be emptied") }
    state.withLock { $0 = State() }
  }

  /// Adds a record; from any thread.
  ///
  /// - Throws: ``FramingError`` of kind `output`, such as when the disk is full; see ``holds(_:)``.
  @discardableResult
  func append(
    _ kind: Kind,
    tag: UInt32 = 0,
    index: Int = 0,
    _ payload: [UInt8]
  ) throws(FramingError) -> Entry {
    let header = JournalHeader(kind: kind.rawValue, tag: tag, index: index, payload)
    let bytes = header.bytes
    return try state.withLock { state throws(FramingError) in
      if let failure = state.failure { throw failure }
      let start = state.end + bytes.count
      state.pending += bytes
      state.pending += payload
      state.pendingEnds.append(state.pending.count)
      state.end = start + payload.count
      let now = ContinuousClock.now
      if state.pending.count >= Self.pendingBytes || now - state.lastWrite >= Self.pendingTime {
        state.lastWrite = now
        try write(&state)
      }
      return Entry(
        kind: kind,
        tag: tag,
        index: index,
        payload: start..<state.end,
        checksum: header.checksum
      )
    }
  }

  /// Writes the records that wait.
  ///
  /// - Throws: ``FramingError`` of kind `output`; see ``holds(_:)``.
  func flush() throws(FramingError) {
    try state.withLock { state throws(FramingError) in try write(&state) }
  }

  /// Whether a record is in the file.
  func holds(_ entry: Entry) -> Bool {
    state.withLock { entry.payload.upperBound <= $0.writtenEnd }
  }

  /// Writes what waits; if that fails, as many records as fit.
  private func write(_ state: inout State) throws(FramingError) {
    guard !state.pending.isEmpty else { return }
    let start = state.writtenEnd
    var done = 0
    while done < state.pending.count {
      let count = state.pending.withUnsafeBytes { bytes in
        pwrite(
          descriptor,
          bytes.baseAddress.map { $0 + done },
          bytes.count - done,
          off_t(start + done)
        )
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let failure = FramingError.output(path, "cannot be written")
        let whole = state.pendingEnds.last { $0 <= done } ?? 0
        ftruncate(descriptor, off_t(start + whole))
        state = State(end: start + whole, failure: failure)
        throw failure
      }
      done += count
    }
    state.pending.removeAll(keepingCapacity: true)
    state.pendingEnds.removeAll(keepingCapacity: true)
  }

  /// Reads a record back; nil if it does not verify.
  func payload(of entry: Entry) throws(FramingError) -> [UInt8]? {
    if !holds(entry) { try flush() }
    let payload = try read(entry.payload.lowerBound, entry.payload.count)
    let header = JournalHeader(
      kind: entry.kind.rawValue,
      tag: entry.tag,
      index: entry.index,
      payload
    )
    return payload.count == entry.payload.count && header.checksum == entry.checksum ? payload : nil
  }

  /// Removes the file.
  func remove() { unlink(path) }

  /// Reads bytes; fewer at the end of the file.
  private func read(_ position: Int, _ count: Int) throws(FramingError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      var part = filled == 0 ? [] : [UInt8](repeating: 0, count: count - filled)
      let got =
        filled == 0
        ? pread(descriptor, &bytes, count, off_t(position))
        : pread(descriptor, &part, part.count, off_t(position + filled))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw .output(path, "cannot be read back") }
      if got == 0 { break }
      if filled > 0 { bytes.replaceSubrange(filled..<filled + got, with: part[..<got]) }
      filled += got
    }
    return filled == count ? bytes : Array(bytes[..<filled])
  }
}

/// The front of a record.
private struct JournalHeader {
  static let byteCount = 32
  private static let mark: UInt32 = 0x4A70_7664  // "dvpJ"

  /// Whether a file that begins like this may be a journal, even one that was torn at once.
  static func mayBegin(with front: [UInt8]) -> Bool {
    var writer = RecordWriter()
    writer.append(mark)
    return writer.bytes.starts(with: front)
  }

  let checksum: UInt32
  let kind: UInt32
  let tag: UInt32
  let index: Int
  let byteCount: Int

  /// Describes a payload.
  init(kind: UInt32, tag: UInt32, index: Int, _ payload: [UInt8]) {
    self.kind = kind
    self.tag = tag
    self.index = index
    byteCount = payload.count
    var checksum = Checksum()
    checksum.add(Self.fields(kind, tag, index, byteCount))
    checksum.add(payload)
    self.checksum = checksum.value
  }

  /// Reads a header; nil if it is none.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    var reader = RecordReader(bytes)
    guard reader.number(UInt32.self) == Self.mark, let checksum = reader.number(UInt32.self),
      let kind = reader.number(UInt32.self), let tag = reader.number(UInt32.self),
      let index = reader.number(Int.self), let byteCount = reader.number(Int.self),
      index >= 0, byteCount >= 0
    else { return nil }
    self.checksum = checksum
    self.kind = kind
    self.tag = tag
    self.index = index
    self.byteCount = byteCount
  }

  var bytes: [UInt8] {
    var writer = RecordWriter()
    writer.append(Self.mark)
    writer.append(checksum)
    return writer.bytes + Self.fields(kind, tag, index, byteCount)
  }

  private static func fields(_ kind: UInt32, _ tag: UInt32, _ index: Int, _ size: Int) -> [UInt8] {
    var writer = RecordWriter()
    writer.append(kind)
    writer.append(tag)
    writer.append(index)
    writer.append(size)
    return writer.bytes
  }
}

extension FramingError {
  /// What the operating system refused, in its own words.
  static func output(_ path: String, _ what: String) -> FramingError {
    FramingError(.output, "\(what): \(String(cString: strerror(errno)))", path: path)
  }
}
