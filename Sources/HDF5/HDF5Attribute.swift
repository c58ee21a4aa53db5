import CHDF5

extension HDF5Object {
  /// Says whether the object has an attribute.
  public func hasAttribute(_ name: String) -> Bool {
    let found = try? HDF5Library.locked { () throws(HDF5Error) in
      H5Aexists(identifier, name) > 0
    }
    return found ?? false
  }

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

  /// Reads an integer of any width.
  ///
  /// - Throws: ``HDF5Error`` when there is none, or it is not one integer.
  public func integerAttribute(_ name: String) throws(HDF5Error) -> Int64 {
    try HDF5Library.locked { () throws(HDF5Error) in
      try withAttribute(name) { (attribute, type) throws(HDF5Error) in
        guard H5Tget_class(type) == H5T_INTEGER else {
          throw error(.mismatch, "@" + name, "it is not an integer")
        }
        var value: Int64 = 0
        guard H5Aread(attribute, chdf5_native_int64(), &value) >= 0 else {
          throw error(.read, "@" + name, takeErrorStack())
        }
        return value
      }
    }
  }

  /// Reads a string of fixed or variable length.
  ///
  /// - Throws: ``HDF5Error`` when there is none, or it is not one string.
  public func stringAttribute(_ name: String) throws(HDF5Error) -> String {
    let stored = try HDF5Library.locked { () throws(HDF5Error) in
      try withAttribute(name) { (attribute, type) throws(HDF5Error) in
        guard H5Tget_class(type) == H5T_STRING else {
          throw error(.mismatch, "@" + name, "it is not a string")
        }
        return H5Tis_variable_str(type) > 0
          ? StoredString.reference(try readReference(attribute, name))
          : .text(try readFixedString(attribute, type, name))
      }
    }
    switch stored {
    case .text(let text): return text
    case .reference(let reference):
      let heap = try GlobalHeapReader(file)
      return try heap.string(reference)
    }
  }

  private func withAttribute<Value>(
    _ name: String,
    _ body: (hid_t, hid_t) throws(HDF5Error) -> Value
  ) throws(HDF5Error) -> Value {
    let attribute = H5Aopen(identifier, name, chdf5_default())
    guard attribute >= 0 else { throw error(.missing, "@" + name, takeErrorStack()) }
    defer { H5Aclose(attribute) }
    let space = H5Aget_space(attribute)
    defer { H5Sclose(space) }
    guard H5Sget_simple_extent_npoints(space) == 1 else {
      throw error(.mismatch, "@" + name, "it is not a single value")
    }
    let type = H5Aget_type(attribute)
    guard type >= 0 else { throw error(.read, "@" + name, takeErrorStack()) }
    defer { H5Tclose(type) }
    return try body(attribute, type)
  }

  private func readReference(
    _ attribute: hid_t,
    _ name: String
  ) throws(HDF5Error) -> HeapReference {
    let type = HeapReferenceType.make()
    defer { H5Tclose(type) }
    var bytes = [UInt8](repeating: 0, count: HeapReference.byteCount)
    guard H5Aread(attribute, type, &bytes) >= 0 else {
      throw error(.read, "@" + name, takeErrorStack())
    }
    return HeapReference(bytes[...])
  }

  private func readFixedString(
    _ attribute: hid_t,
    _ type: hid_t,
    _ name: String
  ) throws(HDF5Error) -> String {
    let stored = H5Aget_storage_size(attribute)
    let size = H5Tget_size(type)
    guard size > 0, hsize_t(size) <= stored, size <= 1 << 26 else {
      throw error(.implausible, "@" + name, "it claims \(size) bytes and stores \(stored)")
    }
    var bytes = [UInt8](repeating: 0, count: size)
    guard H5Aread(attribute, type, &bytes) >= 0 else {
      throw error(.read, "@" + name, takeErrorStack())
    }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// A string attribute as the file holds it.
private enum StoredString {
  case text(String)
  case reference(HeapReference)
}

/// The type of UTF-8 strings of variable length; the caller closes it.
func makeVariableStringType() -> hid_t {
  let type = H5Tcopy(chdf5_c_string())
  H5Tset_size(type, chdf5_variable_length())
  H5Tset_cset(type, H5T_CSET_UTF8)
  return type
}
