/// Writes a ZIP archive member by member; it appears only once it is finished.
package final class ZipWriter {
  private let file: OutputFile
  private var encoder = ZipEncoder()

  /// Creates an archive under `path.partial`.
  ///
  /// - Throws: ``RecordingError`` of kind `inputOutput`.
  package init(path: String) throws(RecordingError) {
    file = try OutputFile(path: path)
  }

  /// Appends a member.
  ///
  /// - Parameters:
  ///   - alignment: The content begins at a multiple of so many bytes.
  ///   - check: Called for every mebibyte that is compressed; what it throws ends the work.
  /// - Throws: ``RecordingError`` of kind `inputOutput`, and what `check` throws.
  package func add(
    _ name: String,
    _ content: [UInt8],
    compression: NPZWriter.Compression = .stored,
    alignment: Int = 1,
    check: () throws(RecordingError) -> Void = {}
  ) throws(RecordingError) {
    let packed = try compression.pack(content, check: check)
    let member = encoder.member(name, content, packed, compression.method, alignment: alignment)
    try file.write(member)
  }

  /// Ends the archive and gives it its name.
  ///
  /// - Throws: ``RecordingError`` of kind `inputOutput`.
  package func finish() throws(RecordingError) {
    try file.write(encoder.end())
    try file.finish()
  }
}
