import CHDF5

extension HDF5File {
  /// Creates a one-dimensional dataset of UTF-8 strings, each padded to the longest.
  @discardableResult
  public func createStrings(_ path: String, _ strings: [String]) throws(HDF5Error) -> HDF5Dataset {
    try createStrings(path, strings, shape: [strings.count])
  }

  /// Creates a dataset of one UTF-8 string, without dimensions.
  @discardableResult
  public func createString(_ path: String, _ string: String) throws(HDF5Error) -> HDF5Dataset {
    try createStrings(path, [string], shape: [])
  }

  /// Creates a dataset of UTF-8 strings, row-major, each padded to the longest.
  ///
  /// - Parameter shape: Its product is the number of strings.
  @discardableResult
  public func createStrings(
    _ path: String,
    _ strings: [String],
    shape: [Int]
  ) throws(HDF5Error) -> HDF5Dataset {
    precondition(shape.reduce(1, *) == strings.count, "\(strings.count) strings for \(shape)")
    let width = max(1, strings.lazy.map { $0.utf8.count }.max() ?? 1)
    let dataset = try createDataset(
      path,
      layout: HDF5Layout(type: .fixedString(byteCount: width), shape: shape)
    )
    guard !strings.isEmpty else { return dataset }
    var bytes = [UInt8]()
    bytes.reserveCapacity(width * strings.count)
    for string in strings {
      bytes.append(contentsOf: string.utf8)
      bytes.append(contentsOf: repeatElement(0, count: width - string.utf8.count))
    }
    try HDF5Library.locked { () throws(HDF5Error) in
      let type = H5Dget_type(dataset.identifier)
      defer { H5Tclose(type) }
      let status = H5Dwrite(
        dataset.identifier,
        type,
        chdf5_whole_space(),
        chdf5_whole_space(),
        chdf5_default(),
        bytes
      )
      guard status >= 0 else { throw error(.write, path, takeErrorStack()) }
    }
    return dataset
  }
}
