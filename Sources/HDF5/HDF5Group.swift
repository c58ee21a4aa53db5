import CHDF5

extension HDF5File {
  /// Creates a group and the groups above it.
  public func createGroup(_ path: String) throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      try makeGroups(path.split(separator: "/"))
    }
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
}
