import CHDF5

/// A group: a named folder of datasets and groups.
public final class HDF5Group: HDF5Object, @unchecked Sendable {
  /// The file that the group lives in.
  public let file: HDF5File
  /// The path within the file.
  public let objectPath: String
  /// The library's handle.
  public let identifier: Int64

  fileprivate init(file: HDF5File, objectPath: String, identifier: hid_t) {
    self.file = file
    self.objectPath = objectPath
    self.identifier = identifier
  }

  deinit {
    let identifier = identifier
    HDF5Library.lockedQuietly { H5Gclose(identifier) }
  }
}

extension HDF5File {
  /// Opens a group.
  public func group(_ path: String) throws(HDF5Error) -> HDF5Group {
    let group = try HDF5Library.locked { () throws(HDF5Error) in
      let group = H5Gopen2(identifier, path, chdf5_default())
      guard group >= 0 else { throw error(.missing, path, takeErrorStack()) }
      return group
    }
    return HDF5Group(file: self, objectPath: path, identifier: group)
  }

  /// Creates a group and the groups above it.
  @discardableResult
  public func createGroup(_ path: String) throws(HDF5Error) -> HDF5Group {
    try HDF5Library.locked { () throws(HDF5Error) in
      try makeGroups(path.split(separator: "/"))
    }
    return try group(path)
  }

  /// Creates the groups of a path that do not exist; only to be called under the lock.
  func makeGroups(_ parts: [Substring]) throws(HDF5Error) {
    let creation = H5Pcreate(chdf5_group_create())
    defer { H5Pclose(creation) }
    H5Pset_obj_track_times(creation, false)
    var prefix = ""
    for part in parts {
      prefix += "/" + part
      if H5Lexists(identifier, prefix, chdf5_default()) > 0 { continue }
      let group = H5Gcreate2(identifier, prefix, chdf5_default(), creation, chdf5_default())
      guard group >= 0 else { throw error(.create, prefix, takeErrorStack()) }
      H5Gclose(group)
    }
  }

  /// Says whether a link of this path exists.
  public func contains(_ path: String) -> Bool {
    let found = try? HDF5Library.locked { () throws(HDF5Error) in
      var prefix = ""
      for part in path.split(separator: "/") {
        prefix += "/" + part
        guard H5Lexists(identifier, prefix, chdf5_default()) > 0 else { return false }
      }
      return true
    }
    return found ?? false
  }

  /// The names of a group's members, in alphabetical order.
  public func members(of path: String) throws(HDF5Error) -> [String] {
    let group = try group(path)
    return try HDF5Library.locked { () throws(HDF5Error) in
      var info = H5G_info_t()
      guard H5Gget_info(group.identifier, &info) >= 0 else {
        throw error(.read, path, takeErrorStack())
      }
      var names: [String] = []
      var index: hsize_t = 0
      while index < info.nlinks {  // a false count ends at the first link that is not there
        names.append(try linkName(in: group, at: index))
        index += 1
      }
      return names
    }
  }

  private func linkName(in group: HDF5Group, at index: hsize_t) throws(HDF5Error) -> String {
    func copyName(into buffer: UnsafeMutablePointer<CChar>?, capacity: Int) -> Int {
      H5Lget_name_by_idx(
        group.identifier,
        ".",
        H5_INDEX_NAME,
        H5_ITER_INC,
        index,
        buffer,
        capacity,
        chdf5_default()
      )
    }
    let length = copyName(into: nil, capacity: 0)
    guard length >= 0, length < 65536 else {
      throw error(.read, group.objectPath, takeErrorStack())
    }
    var bytes = [CChar](repeating: 0, count: length + 1)
    guard copyName(into: &bytes, capacity: length + 1) == length else {
      throw error(.read, group.objectPath, takeErrorStack())
    }
    return String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes a link; what it named is freed when nothing else names it.
  public func remove(_ path: String) throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      guard H5Ldelete(identifier, path, chdf5_default()) >= 0 else {
        throw error(.write, path, takeErrorStack())
      }
    }
  }

  /// Gives an object another path.
  public func rename(_ path: String, to newPath: String) throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      let moved = H5Lmove(
        identifier,
        path,
        identifier,
        newPath,
        chdf5_default(),
        chdf5_default()
      )
      guard moved >= 0 else { throw error(.write, path, takeErrorStack()) }
    }
  }
}
