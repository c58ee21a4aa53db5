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
  /// - Parameter alignment: The content begins at a multiple of so many bytes.
  /// - Throws: ``RecordingError`` of kind `inputOutput`.
  package func add(
    _ name: String,
    _ content: [UInt8],
    compression: NPZWriter.Compression = .stored,
    alignment: Int = 1
  ) throws(RecordingError) {
    try file.write(encoder.member(name, content, compression, alignment: alignment))
  }

  /// Ends the archive and gives it its name.
  ///
  /// - Throws: ``RecordingError`` of kind `inputOutput`.
  package func finish() throws(RecordingError) {
    try file.write(encoder.end())
    try file.finish()
  }
}
