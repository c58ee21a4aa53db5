import CHDF5

extension HDF5Dataset {
  /// Writes a chunk whose filters the caller has applied already.
  ///
  /// - Parameters:
  ///   - bytes: Holds the chunk as it shall lie in the file.
  ///   - range: Where in `bytes` it is; nil takes all of them.
  ///   - offset: The index of the chunk's first element in each dimension.
  public func writeChunk(
    _ bytes: [UInt8],
    _ range: Range<Int>? = nil,
    at offset: [Int]
  ) throws(HDF5Error) {
    let range = range ?? bytes.indices
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    try HDF5Library.locked { () throws(HDF5Error) in
      let status = bytes.withUnsafeBufferPointer { bytes in
        H5Dwrite_chunk(
          identifier,
          chdf5_default(),
          0,
          offset.map { hsize_t($0) },
          range.count,
          bytes.baseAddress.map { $0 + range.lowerBound }
        )
      }
      guard status >= 0 else { throw error(.write, "chunk \(offset)", takeErrorStack()) }
    }
  }
}
