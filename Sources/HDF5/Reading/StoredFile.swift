import Glibc
import Synchronization

/// The bytes of a file, and how many of them its structure may make the reader look at.
///
/// Structures may point anywhere, at each other and at themselves. Whatever they say, all that is
/// read or kept because of them is charged to an allowance that grows with the file, so that time
/// and memory stay bounded. Chunks of a dataset that the caller asks for are not charged.
final class StoredFile: Sendable {
  private enum Origin {
    case descriptor(Int32)
    case memory([UInt8])
  }

  let path: String
  let byteCount: Int
  private let origin: Origin
  private let allowance: Mutex<Allowance>

  private struct Allowance {
    var structure: Int
    var content: Int
  }

  /// What small reads cost, so that there cannot be too many of them.
  private static let smallestCharge = 256

  /// Opens a file.
  convenience init(_ path: String) throws(HDF5Error) {
    // Without O_NONBLOCK, to open a pipe waits for somebody to write to it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw HDF5Error(.open, file: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      _ = close(descriptor)
      throw HDF5Error(.open, file: path, reason: "this is not a regular file")
    }
    self.init(path, .descriptor(descriptor), byteCount: Int(status.st_size))
  }

  /// Takes the bytes of a file.
  convenience init(_ bytes: [UInt8], name: String) {
    self.init(name, .memory(bytes), byteCount: bytes.count)
  }

  private init(_ path: String, _ origin: Origin, byteCount: Int) {
    self.path = path
    self.origin = origin
    self.byteCount = byteCount
    allowance = Mutex(
      Allowance(structure: 2 << 20 + 8 * byteCount, content: 24 << 20 + 6 * byteCount)
    )
  }

  deinit {
    if case .descriptor(let descriptor) = origin { _ = close(descriptor) }
  }

  /// Bytes of the file's structure.
  func structure(_ count: Int, at offset: Int) throws(HDF5Error) -> [UInt8] {
    try checkRange(count, at: offset)
    try charge(max(count, Self.smallestCharge), \.structure)
    var bytes: [UInt8] = []
    try read(count, at: offset, into: &bytes)
    return bytes
  }

  /// Pays for content that is about to be kept in memory.
  func chargeContent(_ count: Int) throws(HDF5Error) { try charge(count, \.content) }

  /// Fills `bytes` with a part of the file; its memory is reused.
  func read(_ count: Int, at offset: Int, into bytes: inout [UInt8]) throws(HDF5Error) {
    try checkRange(count, at: offset)
    switch origin {
    case .memory(let content):
      bytes.removeAll(keepingCapacity: true)
      bytes.append(contentsOf: content[offset..<offset + count])
    case .descriptor(let descriptor): try read(count, at: offset, of: descriptor, into: &bytes)
    }
  }

  private func read(
    _ count: Int,
    at offset: Int,
    of descriptor: Int32,
    into bytes: inout [UInt8]
  ) throws(HDF5Error) {
    resize(&bytes, to: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor,
          buffer.baseAddress.map { $0 + filled },
          count - filled,
          off_t(offset + filled)
        )
      }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        let reason = got < 0 ? String(cString: strerror(errno)) : "the file became shorter"
        throw HDF5Error(.read, reason)
      }
      filled += got
    }
  }

  private func checkRange(_ count: Int, at offset: Int) throws(HDF5Error) {
    guard count >= 0, offset >= 0, offset <= byteCount, count <= byteCount - offset else {
      throw HDF5Error(
        .corrupt,
        "\(count) bytes at \(offset) are referred to, the file has \(byteCount); it is cut off or "
          + "damaged"
      )
    }
  }

  private func charge(
    _ count: Int,
    _ account: WritableKeyPath<Allowance, Int>
  ) throws(HDF5Error) {
    let isPaid = allowance.withLock { allowance in
      guard count <= allowance[keyPath: account] else { return false }
      allowance[keyPath: account] -= count
      return true
    }
    guard isPaid else {
      throw HDF5Error(.implausible, "its structure refers to more than \(byteCount) bytes can hold")
    }
  }
}

/// Gives an array a length and keeps its memory.
func resize(_ bytes: inout [UInt8], to count: Int) {
  if bytes.count > count { bytes.removeLast(bytes.count - count) }
  if bytes.count < count { bytes.append(contentsOf: repeatElement(0, count: count - bytes.count)) }
}
