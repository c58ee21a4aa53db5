/// Named NumPy arrays in a ZIP archive, as `numpy.savez` writes them.
///
/// Members are stored or deflated, in plain or 64-bit archives; sizes and checksums are verified.
public final class NPZArchive {
  private let bytes: SeekableBytes
  private let members: [String: ZipMember]
  /// The names of the arrays, without `.npy`, in the order of the archive.
  public let names: [String]

  /// Opens an archive in a file.
  ///
  /// - Throws: ``RecordingError`` with the path.
  public convenience init(path: String) throws(RecordingError) {
    try self.init(ByteSource(path: path))
  }

  /// Opens an archive in any source; a function is read to its end first.
  ///
  /// - Throws: ``RecordingError`` with the source's name.
  public init(_ source: ByteSource) throws(RecordingError) {
    do {
      bytes = try source.seekable()
      let arrays = try ZipDirectory(bytes).members.filter { $0.name.hasSuffix(".npy") }
      names = arrays.map { String($0.name.dropLast(4)) }
      members = Dictionary(uniqueKeysWithValues: zip(names, arrays))
    } catch {
      throw error.at(source.name)
    }
  }

  /// The type and shape of an array, without reading its elements.
  ///
  /// - Throws: ``RecordingError`` if there is none of this name, or if it is damaged.
  public func header(of name: String) throws(RecordingError) -> NPYHeader {
    try reading(name) { source throws(RecordingError) in try NPYHeader(source) }
  }

  /// Reads an array.
  ///
  /// - Throws: ``RecordingError`` if there is none of this name, or if it is damaged.
  public func array(_ name: String) throws(RecordingError) -> NPYArray {
    try reading(name) { source throws(RecordingError) in try NPYArray(source) }
  }

  /// The content of an array's member.
  func source(of name: String) throws(RecordingError) -> ByteSource {
    guard let member = members[name] else {
      let found = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
      throw RecordingError(.corrupt, "the archive has no array named '\(name)'; \(found)")
    }
    return try member.open(in: bytes)
  }

  private func reading<T>(
    _ name: String,
    _ read: (ByteSource) throws(RecordingError) -> T
  ) throws(RecordingError) -> T {
    do throws(RecordingError) {
      let source = try source(of: name)
      do throws(RecordingError) {
        return try read(source)
      } catch {
        throw error.inside("array '\(name)'")
      }
    } catch {
      throw error.at(bytes.name)
    }
  }
}
