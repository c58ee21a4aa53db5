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

extension HDF5Dataset {
  /// Reads a one-dimensional dataset of strings of fixed or variable length.
  public func readStrings() throws(HDF5Error) -> [String] {
    let layout = try layout()
    guard layout.shape.count == 1 else {
      throw error(.mismatch, "", "a list of strings is expected, its shape is \(layout.shape)")
    }
    switch layout.type {
    case .fixedString(let byteCount):
      return try readFixedStrings(count: layout.shape[0], byteCount: byteCount)
    case .variableString: return try readVariableStrings(count: layout.shape[0])
    case .scalar, .other: throw error(.mismatch, "", "its elements are not strings")
    }
  }

  private func readFixedStrings(count: Int, byteCount: Int) throws(HDF5Error) -> [String] {
    guard byteCount > 0 else { throw error(.implausible, "", "strings of no bytes") }
    let total = try plausibleCount(of: [count, byteCount], elementSize: 1)
    var bytes = [UInt8](repeating: 0, count: total)
    try HDF5Library.locked { () throws(HDF5Error) in
      let type = H5Dget_type(identifier)
      defer { H5Tclose(type) }
      let status = H5Dread(
        identifier,
        type,
        chdf5_whole_space(),
        chdf5_whole_space(),
        chdf5_default(),
        &bytes
      )
      guard status >= 0 else { throw error(.read, "", takeErrorStack()) }
    }
    return (0..<count).map { index in
      let text = bytes[index * byteCount..<(index + 1) * byteCount].prefix { $0 != 0 }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private func readVariableStrings(count: Int) throws(HDF5Error) -> [String] {
    let size = HeapReference.byteCount
    let total = try plausibleCount(of: [count], elementSize: size)
    var bytes = [UInt8](repeating: 0, count: total * size)
    try HDF5Library.locked { () throws(HDF5Error) in
      let type = HeapReferenceType.make()
      defer { H5Tclose(type) }
      let status = H5Dread(
        identifier,
        type,
        chdf5_whole_space(),
        chdf5_whole_space(),
        chdf5_default(),
        &bytes
      )
      guard status >= 0 else { throw error(.read, "", takeErrorStack()) }
    }
    let heap = try GlobalHeapReader(file)
    var strings: [String] = []
    strings.reserveCapacity(total)
    for index in 0..<total {
      let reference = HeapReference(bytes[index * size..<(index + 1) * size])
      strings.append(try heap.string(reference))
    }
    return strings
  }
}
