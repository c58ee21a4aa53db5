import CHDF5

/// An array in a file that is being written.
///
/// All methods may be called from any thread; calls into the library are serialised.
public final class HDF5Dataset: HDF5Object, @unchecked Sendable {
  /// The file that the dataset lives in.
  public let file: HDF5File
  /// The path within the file.
  public let objectPath: String
  /// The library's handle.
  public let identifier: Int64

  init(file: HDF5File, objectPath: String, identifier: hid_t) {
    self.file = file
    self.objectPath = objectPath
    self.identifier = identifier
  }

  deinit {
    let identifier = identifier
    HDF5Library.lockedQuietly { H5Dclose(identifier) }
  }

  /// Changes the extent of the first dimension of a growable dataset.
  public func resize(firstExtent: Int) throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      var extents = try currentShape().map { hsize_t($0) }
      guard !extents.isEmpty else { throw error(.mismatch, "", "a scalar cannot grow") }
      extents[0] = hsize_t(firstExtent)
      guard H5Dset_extent(identifier, extents) >= 0 else {
        throw error(.write, "", takeErrorStack())
      }
    }
  }

  /// Writes all elements, of a dataset of any rank.
  ///
  /// - Parameter values: The elements, row-major; as many as the dataset has.
  public func writeAll<Scalar: HDF5Scalar>(_ values: [Scalar]) throws(HDF5Error) {
    try HDF5Library.locked { () throws(HDF5Error) in
      let shape = try currentShape()
      precondition(checkedProduct(shape) == values.count, "\(values.count) elements for \(shape)")
      guard !values.isEmpty else { return }
      let status = H5Dwrite(
        identifier,
        Scalar.scalarType.identifier,
        chdf5_whole_space(),
        chdf5_whole_space(),
        chdf5_default(),
        values
      )
      guard status >= 0 else { throw error(.write, "", takeErrorStack()) }
    }
  }

  /// Writes a rectangular part.
  ///
  /// - Parameter values: The elements, row-major; as many as `count` spans.
  public func write<Scalar: HDF5Scalar>(
    _ values: [Scalar],
    start: [Int],
    count: [Int]
  ) throws(HDF5Error) {
    precondition(
      checkedProduct(count) == values.count,
      "\(values.count) elements for the extent \(count)"
    )
    guard !values.isEmpty else { return }
    try HDF5Library.locked { () throws(HDF5Error) in
      let memory = H5Screate_simple(Int32(count.count), count.map { hsize_t($0) }, nil)
      defer { H5Sclose(memory) }
      let selection = try select(start: start, count: count)
      defer { H5Sclose(selection) }
      let status = H5Dwrite(
        identifier,
        Scalar.scalarType.identifier,
        memory,
        selection,
        chdf5_default(),
        values
      )
      guard status >= 0 else { throw error(.write, "", takeErrorStack()) }
    }
  }

  /// The extents; only to be called under the lock.
  func currentShape() throws(HDF5Error) -> [Int] {
    let space = H5Dget_space(identifier)
    guard space >= 0 else { throw error(.read, "", takeErrorStack()) }
    defer { H5Sclose(space) }
    let rank = H5Sget_simple_extent_ndims(space)
    guard rank >= 0, rank <= 32 else { throw error(.read, "", takeErrorStack()) }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    guard H5Sget_simple_extent_dims(space, &extents, nil) >= 0 else {
      throw error(.read, "", takeErrorStack())
    }
    return extents.map { Int(clamping: $0) }
  }

  /// A file space with one rectangle selected; the caller closes it, under the lock.
  private func select(start: [Int], count: [Int]) throws(HDF5Error) -> hid_t {
    let extents = try currentShape()
    let isInside =
      start.count == extents.count && count.count == extents.count
      && zip(extents, zip(start, count)).allSatisfy { extent, part in
        part.0 >= 0 && part.1 >= 0 && part.0 <= extent && part.1 <= extent - part.0
      }
    guard isInside else {
      throw error(.mismatch, "", "start \(start), count \(count) is outside the shape \(extents)")
    }
    let space = H5Dget_space(identifier)
    guard extents.isEmpty == false else { return space }
    let status = H5Sselect_hyperslab(
      space,
      H5S_SELECT_SET,
      start.map { hsize_t($0) },
      nil,
      count.map { hsize_t($0) },
      nil
    )
    guard status >= 0 else {
      H5Sclose(space)
      throw error(.read, "", takeErrorStack())
    }
    return space
  }
}
