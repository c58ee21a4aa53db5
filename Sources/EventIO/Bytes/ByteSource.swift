/// A file, memory, or a function that delivers bytes, read from front to back.
public final class ByteSource {
  /// Delivers the next bytes into a buffer; returns their number, 0 only at the end.
  public typealias Pull = (UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int

  private enum Origin {
    case file(InputFile)
    case memory([UInt8])
    case pull(Pull)
  }

  /// The path, or the name that the caller gave; errors start with it.
  public let name: String
  /// The number of bytes from front to back, if it is known.
  public let byteCount: Int?
  /// How many bytes have been read so far.
  public private(set) var position = 0
  private let origin: Origin
  private var observer: ((UnsafeRawBufferPointer) -> Void)?
  /// Bytes that were looked at, but not read yet; they start at `position`.
  private var peeked: [UInt8] = []

  /// Opens a file for reading.
  ///
  /// - Throws: ``RecordingError`` of kind `missing` or `inputOutput`.
  public convenience init(path: String) throws(RecordingError) {
    self.init(try InputFile(path: path), name: path)
  }

  /// Reads a file that is open, from where it stands.
  init(_ file: InputFile, name: String) {
    self.name = name
    byteCount = file.byteCount
    origin = .file(file)
  }

  /// The bytes of a short file and its stamp; nil for a longer one, which is not read.
  ///
  /// - Throws: ``RecordingError`` of kind `missing` or `inputOutput`.
  package static func content(
    ofFile path: String,
    upTo limit: Int
  ) throws(RecordingError) -> (bytes: [UInt8], stamp: FileStamp)? {
    do {
      return try InputFile.content(of: path, upTo: limit)
    } catch {
      throw error.at(path)
    }
  }

  /// Wraps bytes in memory.
  public init(bytes: [UInt8], name: String) {
    self.name = name
    byteCount = bytes.count
    origin = .memory(bytes)
  }

  /// Wraps a function that delivers bytes, such as a decompressor.
  public init(name: String, byteCount: Int? = nil, pull: @escaping Pull) {
    self.name = name
    self.byteCount = byteCount
    origin = .pull(pull)
  }

  /// The ending of the name, lower case, without the dot; empty if there is none.
  public var fileExtension: String { PathName.fileExtension(name).lowercased() }

  /// Fills a buffer with the next bytes.
  ///
  /// - Returns: How many were read; fewer than fit only at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int {
    let old = min(peeked.count, buffer.count)
    if old > 0 {
      buffer.copyBytes(from: peeked[..<old])
      peeked.removeFirst(old)
    }
    let fresh = UnsafeMutableRawBufferPointer(rebasing: buffer[old...])
    let count = old + (try pull(into: fresh, at: position + old + peeked.count))
    position += count
    return count
  }

  /// Looks at the next bytes without reading them; fewer than asked for only at the end.
  public func peek(_ count: Int) throws(RecordingError) -> [UInt8] {
    if peeked.count < count {
      let more = UnsafeMutableRawBufferPointer.allocate(
        byteCount: count - peeked.count,
        alignment: 1
      )
      defer { more.deallocate() }
      let got = try pull(into: more, at: position + peeked.count)
      peeked.append(contentsOf: more[..<got])
    }
    return Array(peeked.prefix(count))
  }

  /// The whole content for reading at any offset; a function is read to its end first.
  func seekable() throws(RecordingError) -> SeekableBytes {
    switch origin {
    case .file(let file):
      if let byteCount { return SeekableBytes(file, byteCount: byteCount, name: name) }
    case .memory(let bytes): return SeekableBytes(bytes, name: name)
    case .pull: break
    }
    return SeekableBytes(try readAll(), name: name)
  }

  /// The whole content for looking ahead; nil where that would read it to its end.
  func scan() -> SeekableBytes? {
    switch origin {
    case .file(let file): byteCount.map { SeekableBytes(file, byteCount: $0, name: name) }
    case .memory(let bytes): SeekableBytes(bytes, name: name)
    case .pull: nil
    }
  }

  /// Hands all bytes that are fetched from now on to a function, once and in order.
  ///
  /// Bytes that are read at random, by formats with a directory, are not among them.
  package func observe(_ observer: @escaping (UnsafeRawBufferPointer) -> Void) {
    self.observer = observer
  }

  /// Reads to the end and forgets what was read.
  package func drain() throws(RecordingError) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { room.deallocate() }
    while try read(into: room) == room.count {}
  }

  /// All bytes that have not been read yet.
  public func readAll() throws(RecordingError) -> [UInt8] {
    var all: [UInt8] = []
    let left = (byteCount ?? .max) - position
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, min(left, 1 << 16)),
      alignment: 16
    )
    defer { room.deallocate() }
    while true {
      let count = try read(into: room)
      all.append(contentsOf: room[..<count])
      if count < room.count { return all }
    }
  }

  /// Reads the next `count` bytes; fewer only at the end.
  func take(_ count: Int) throws(RecordingError) -> [UInt8] {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { room.deallocate() }
    let got = try read(into: room)
    return [UInt8](room[..<got])
  }

  /// What the formats may look at to recognise their own.
  public func evidence() throws(RecordingError) -> FormatEvidence {
    FormatEvidence(
      prefix: try peek(FormatEvidence.prefixBytes),
      byteCount: byteCount,
      fileExtension: fileExtension
    )
  }

  /// Fills a buffer from the origin, which stands at `offset`.
  private func pull(
    into buffer: UnsafeMutableRawBufferPointer,
    at offset: Int
  ) throws(RecordingError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count: Int
      switch origin {
      case .file(let file): count = try file.read(into: rest)
      case .pull(let pull): count = try pull(rest)
      case .memory(let bytes):
        let slice = bytes.dropFirst(offset + filled).prefix(rest.count)
        rest.copyBytes(from: slice)
        count = slice.count
      }
      if count == 0 { break }
      filled += count
    }
    observer?(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    return filled
  }
}
