import CHDF5

extension HDF5File {
  /// Opens a dataset that is to be changed.
  public func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset {
    let dataset = try HDF5Library.locked { () throws(HDF5Error) in
      let dataset = H5Dopen2(identifier, path, chdf5_default())
      guard dataset >= 0 else { throw error(.missing, path, takeErrorStack()) }
      return dataset
    }
    return HDF5Dataset(file: self, objectPath: path, identifier: dataset)
  }

  /// Creates a dataset and the groups above it.
  public func createDataset(
    _ path: String,
    layout: HDF5Layout
  ) throws(HDF5Error) -> HDF5Dataset {
    let dataset = try HDF5Library.locked { () throws(HDF5Error) in
      let type = try makeType(layout.type, path)
      defer { H5Tclose(type) }
      let space = try makeSpace(layout, path)
      defer { H5Sclose(space) }
      let creation = try makeCreationList(layout, path)
      defer { H5Pclose(creation) }
      try makeGroups(path.split(separator: "/").dropLast())
      let dataset = H5Dcreate2(
        identifier,
        path,
        type,
        space,
        chdf5_default(),
        creation,
        chdf5_default()
      )
      guard dataset >= 0 else { throw error(.create, path, takeErrorStack()) }
      return dataset
    }
    return HDF5Dataset(file: self, objectPath: path, identifier: dataset)
  }

  private func makeType(_ type: HDF5ElementType, _ path: String) throws(HDF5Error) -> hid_t {
    switch type {
    case .scalar(let scalar): return H5Tcopy(scalar.identifier)
    case .variableString: return makeVariableStringType()
    case .fixedString(let byteCount):
      let string = H5Tcopy(chdf5_c_string())
      H5Tset_size(string, max(1, byteCount))
      H5Tset_strpad(string, H5T_STR_NULLPAD)
      H5Tset_cset(string, H5T_CSET_UTF8)
      return string
    case .other: throw error(.create, path, "only numbers and strings can be written")
    }
  }

  private func makeSpace(_ layout: HDF5Layout, _ path: String) throws(HDF5Error) -> hid_t {
    guard !layout.shape.isEmpty else { return H5Screate(H5S_SCALAR) }
    let extents = layout.shape.map { hsize_t($0) }
    var limits = extents
    if layout.isGrowable { limits[0] = chdf5_unlimited() }
    let space = H5Screate_simple(Int32(extents.count), extents, limits)
    guard space >= 0 else { throw error(.create, path, takeErrorStack()) }
    return space
  }

  private func makeCreationList(_ layout: HDF5Layout, _ path: String) throws(HDF5Error) -> hid_t {
    let creation = H5Pcreate(chdf5_dataset_create())
    H5Pset_obj_track_times(creation, false)
    var status: herr_t = 0
    if let chunk = layout.chunk {
      status = H5Pset_chunk(creation, Int32(chunk.count), chunk.map { hsize_t($0) })
    }
    for filter in layout.filters where status >= 0 {
      switch filter {
      case .shuffle: status = H5Pset_shuffle(creation)
      case .deflate(let level): status = H5Pset_deflate(creation, UInt32(level))
      case .other: status = -1
      }
    }
    guard status >= 0 else {
      let reason = takeErrorStack()
      H5Pclose(creation)
      throw error(.create, path, reason)
    }
    return creation
  }
}
