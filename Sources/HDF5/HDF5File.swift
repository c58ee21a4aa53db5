import CHDF5

/// An HDF5 file that is being written; ``HDF5Reader`` reads.
///
/// Objects opened from a file keep it open; the file closes when the last of them is released.
/// All methods may be called from any thread.
public final class HDF5File: HDF5Object, @unchecked Sendable {
  /// The path as it was given.
  public let path: String
  /// The library's handle.
  public let identifier: Int64
  /// The file itself.
  public var file: HDF5File { self }
  /// Empty: the root.
  public var objectPath: String { "" }

  private init(path: String, identifier: hid_t) {
    self.path = path
    self.identifier = identifier
  }

  deinit {
    let identifier = identifier
    HDF5Library.lockedQuietly { H5Fclose(identifier) }
  }

  /// Opens a file that is to be changed.
  ///
  /// - Throws: ``HDF5Error`` of kind `open` when it is absent, cannot be written or is not HDF5.
  public static func openForWriting(_ path: String) throws(HDF5Error) -> HDF5File {
    let identifier = try HDF5Library.locked { () throws(HDF5Error) -> hid_t in
      let access = H5Pcreate(chdf5_file_access())
      defer { H5Pclose(access) }
      setFormatBounds(access)
      let identifier = H5Fopen(path, chdf5_read_write(), access)
      guard identifier >= 0 else {
        throw HDF5Error(.open, file: path, reason: takeErrorStack())
      }
      return identifier
    }
    return HDF5File(path: path, identifier: identifier)
  }

  /// Creates a file; one that exists is emptied.
  ///
  /// Metadata is written in HDF5's oldest format, which ``HDF5Reader`` and every other reader knows.
  public static func create(_ path: String) throws(HDF5Error) -> HDF5File {
    let identifier = try HDF5Library.locked { () throws(HDF5Error) -> hid_t in
      let access = H5Pcreate(chdf5_file_access())
      defer { H5Pclose(access) }
      setFormatBounds(access)
      let creation = H5Pcreate(chdf5_file_create())
      defer { H5Pclose(creation) }
      H5Pset_obj_track_times(creation, false)  // the same content gives the same bytes
      let identifier = H5Fcreate(path, chdf5_truncate(), creation, access)
      guard identifier >= 0 else {
        throw HDF5Error(.create, file: path, reason: takeErrorStack())
      }
      return identifier
    }
    return HDF5File(path: path, identifier: identifier)
  }

  private static func setFormatBounds(_ access: hid_t) {
    H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110)
    H5Pset_fclose_degree(access, H5F_CLOSE_WEAK)
  }

  /// Hands everything that is buffered to the operating system.
  public func flush() throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      guard H5Fflush(identifier, H5F_SCOPE_GLOBAL) >= 0 else {
        throw HDF5Error(.write, file: path, reason: takeErrorStack())
      }
    }
  }
}
