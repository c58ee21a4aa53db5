import CHDF5

extension HDF5Object {
  /// Writes a number; an attribute of that name is replaced.
  public func setAttribute<Scalar: HDF5Scalar>(
    _ name: String,
    to value: Scalar
  ) throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      let type = Scalar.scalarType.identifier
      let attribute = try createAttribute(name, type: type)
      defer { H5Aclose(attribute) }
      let status = withUnsafePointer(to: value) { H5Awrite(attribute, type, $0) }
      guard status >= 0 else { throw error(.write, "@" + name, takeErrorStack()) }
    }
  }

  /// Writes a string of variable length, which h5py reads as `str`; an old one is replaced.
  public func setAttribute(_ name: String, to value: String) throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      let type = makeVariableStringType()
      defer { H5Tclose(type) }
      let attribute = try createAttribute(name, type: type)
      defer { H5Aclose(attribute) }
      let status = value.withCString { text in
        withUnsafePointer(to: text) { H5Awrite(attribute, type, $0) }
      }
      guard status >= 0 else { throw error(.write, "@" + name, takeErrorStack()) }
    }
  }

  private func createAttribute(_ name: String, type: hid_t) throws(HDF5Error) -> hid_t {
    if H5Aexists(identifier, name) > 0 {
      guard H5Adelete(identifier, name) >= 0 else {
        throw error(.write, "@" + name, takeErrorStack())
      }
    }
    let space = H5Screate(H5S_SCALAR)
    defer { H5Sclose(space) }
    let attribute = H5Acreate2(
      identifier,
      name,
      type,
      space,
      chdf5_default(),
      chdf5_default()
    )
    guard attribute >= 0 else { throw error(.create, "@" + name, takeErrorStack()) }
    return attribute
  }
}

/// The type of UTF-8 strings of variable length; the caller closes it.
func makeVariableStringType() -> hid_t {
  let type = H5Tcopy(chdf5_c_string())
  H5Tset_size(type, chdf5_variable_length())
  H5Tset_cset(type, H5T_CSET_UTF8)
  return type
}
