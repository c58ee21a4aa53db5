import Foundation

/// Bytes put aside in a temporary file without a name, which disappears with this value.
package final class SpooledFile: Sendable {
  private let file: SeekableBytes

  /// Puts the current member of an archive aside.
  ///
  /// - Parameter name: What errors about the bytes start with.
  /// - Throws: ``RecordingError`` of kind `corrupt` or `inputOutput`.
  package init(_ reader: TarReader, name: String) throws(RecordingError) {
    let pattern = NSTemporaryDirectory() + "/dvsprep-XXXXXX"
    var path = Array(pattern.utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw Self.failure("create a temporary file like \(pattern)") }
    unlink(path)
    let input = InputFile(descriptor: descriptor)
    var block: [UInt8] = []
    var total = 0
    while try reader.read(into: &block) {
      try Self.write(block, to: descriptor)
      total += block.count
    }
    file = SeekableBytes(input, byteCount: total, name: name)
  }

  /// How many bytes there are.
  package var byteCount: Int { file.byteCount }

  /// A source that delivers the bytes from the front.
  package func source() -> ByteSource { file.source(0..<file.byteCount) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(RecordingError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("write a temporary file") }
      done += count
    }
  }

  private static func failure(_ action: String) -> RecordingError {
    let reason = String(cString: strerror(errno))
    return RecordingError(
      .inputOutput,
      "cannot \(action): \(reason); set TMPDIR to a folder with more room"
    )
  }
}
