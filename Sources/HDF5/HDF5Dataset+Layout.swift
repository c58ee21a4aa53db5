import CHDF5

extension HDF5File {
  /// Opens a dataset.
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

extension HDF5Dataset {
  /// How the dataset lies in the file.
  public func layout() throws(HDF5Error) -> HDF5Layout {
    try HDF5Library.locked { () throws(HDF5Error) in
      let creation = H5Dget_create_plist(identifier)
      guard creation >= 0 else { throw error(.read, "", takeErrorStack()) }
      defer { H5Pclose(creation) }
      let extents = try currentShape()
      let chunk = storedChunk(creation, rank: extents.count)
      let type = H5Dget_type(identifier)
      guard type >= 0 else { throw error(.read, "", takeErrorStack()) }
      defer { H5Tclose(type) }
      var layout = HDF5Layout(
        type: elementType(type),
        shape: extents,
        chunk: chunk,
        isGrowable: chunk != nil && firstLimitIsOpen(rank: extents.count),
        filters: chunk == nil ? [] : try storedFilters(creation)
      )
      if case .scalar(let scalar) = layout.type {
        layout.isNative = H5Tequal(type, scalar.identifier) > 0
      }
      return layout
    }
  }

  private func elementType(_ type: hid_t) -> HDF5ElementType {
    if let scalar = HDF5ScalarType(stored: type) { return .scalar(scalar) }
    guard H5Tget_class(type) == H5T_STRING else { return .other }
    return H5Tis_variable_str(type) > 0
      ? .variableString : .fixedString(byteCount: H5Tget_size(type))
  }

  private func storedChunk(_ creation: hid_t, rank: Int) -> [Int]? {
    guard H5Pget_layout(creation) == H5D_CHUNKED, rank > 0 else { return nil }
    var extents = [hsize_t](repeating: 0, count: rank)
    guard H5Pget_chunk(creation, Int32(rank), &extents) == rank else { return nil }
    return extents.map { Int(clamping: $0) }
  }

  private func firstLimitIsOpen(rank: Int) -> Bool {
    let space = H5Dget_space(identifier)
    defer { H5Sclose(space) }
    var limits = [hsize_t](repeating: 0, count: rank)
    guard H5Sget_simple_extent_dims(space, nil, &limits) >= 0 else { return false }
    return limits.first == chdf5_unlimited()
  }

  private func storedFilters(_ creation: hid_t) throws(HDF5Error) -> [HDF5Filter] {
    let count = H5Pget_nfilters(creation)
    guard count >= 0, count <= 32 else { throw error(.read, "", takeErrorStack()) }
    var filters: [HDF5Filter] = []
    for index in 0..<count {
      var flags: UInt32 = 0
      var valueCount = 1
      var values: [UInt32] = [0]
      var options: UInt32 = 0
      let number = H5Pget_filter2(
        creation,
        UInt32(index),
        &flags,
        &valueCount,
        &values,
        0,
        nil,
        &options
      )
      switch number {
      case H5Z_FILTER_SHUFFLE: filters.append(.shuffle)
      case H5Z_FILTER_DEFLATE: filters.append(.deflate(level: Int(values[0])))
      default: filters.append(.other(Int(number)))
      }
    }
    return filters
  }
}
