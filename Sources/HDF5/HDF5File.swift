import CHDF5

/// An open HDF5 file.
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

  /// Whether the file was opened for writing.
  let isWritable: Bool

  private init(path: String, identifier: hid_t, isWritable: Bool) {
    self.path = path
    self.identifier = identifier
    self.isWritable = isWritable
  }

  deinit {
    let identifier = identifier
    HDF5Library.lockedQuietly { H5Fclose(identifier) }
  }

  /// Opens a file for reading.
  ///
  /// - Throws: ``HDF5Error`` of kind `open` when it is absent, unreadable or not HDF5.
  public static func open(_ path: String) throws(HDF5Error) -> HDF5File {
    try open(path, isWritable: false)
  }

  /// Opens a file for reading and writing.
  public static func openForWriting(_ path: String) throws(HDF5Error) -> HDF5File {
    try open(path, isWritable: true)
  }

  private static func open(_ path: String, isWritable: Bool) throws(HDF5Error) -> HDF5File {
    let identifier = try HDF5Library.locked { () throws(HDF5Error) -> hid_t in
      let access = H5Pcreate(chdf5_file_access())
      defer { H5Pclose(access) }
      setFormatBounds(access)
      let flags = isWritable ? chdf5_read_write() : chdf5_read_only()
      let identifier = H5Fopen(path, flags, access)
      guard identifier >= 0 else {
        throw HDF5Error(.open, file: path, reason: takeErrorStack())
      }
      try requireWideAddresses(identifier, path)
      return identifier
    }
    return HDF5File(path: path, identifier: identifier, isWritable: isWritable)
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
    return HDF5File(path: path, identifier: identifier, isWritable: true)
  }

  /// Addresses of 8 bytes, counted from the front: what every file of this century has.
  private static func requireWideAddresses(_ file: hid_t, _ path: String) throws(HDF5Error) {
    let creation = H5Fget_create_plist(file)
    defer { H5Pclose(creation) }
    var addressSize = 0
    var lengthSize = 0
    var userBlock: hsize_t = 0
    H5Pget_sizes(creation, &addressSize, &lengthSize)
    H5Pget_userblock(creation, &userBlock)
    guard addressSize == 8, lengthSize == 8, userBlock == 0 else {
      H5Fclose(file)
      throw HDF5Error(
        .open,
        file: path,
        reason: "it has \(addressSize)-byte addresses and a user block of \(userBlock) bytes; "
          + "copy it with h5repack"
      )
    }
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

  /// The file's size in bytes.
  public func byteCount() throws(HDF5Error) -> Int {
    try HDF5Library.locked { () throws(HDF5Error) in
      var size: hsize_t = 0
      guard H5Fget_filesize(identifier, &size) >= 0 else {
        throw HDF5Error(.read, file: path, reason: takeErrorStack())
      }
      return Int(clamping: size)
    }
  }
}
