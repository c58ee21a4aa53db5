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

  /// Reads a chunk as it lies in the file, filters still applied.
  ///
  /// - Parameters:
  ///   - bytes: Receives the chunk; its memory is reused.
  ///   - offset: The index of the chunk's first element in each dimension.
  /// - Returns: The mask of the filters that were left out when the chunk was written, or nil when
  ///   the chunk was never written, so that its elements have the fill value.
  public func readChunk(
    into bytes: inout [UInt8],
    at offset: [Int]
  ) throws(HDF5Error) -> UInt32? {
    let limit = try file.byteCount()
    return try HDF5Library.locked { () throws(HDF5Error) in
      let place = offset.map { hsize_t($0) }
      guard try isInside(offset) else {
        throw error(.mismatch, "chunk \(offset)", "it is outside the shape \(try currentShape())")
      }
      var mask: UInt32 = 0
      var address: haddr_t = 0
      var size: hsize_t = 0
      guard H5Dget_chunk_info_by_coord(identifier, place, &mask, &address, &size) >= 0 else {
        throw error(.read, "chunk \(offset)", takeErrorStack())
      }
      bytes.removeAll(keepingCapacity: true)
      guard address != haddr_t.max, size > 0 else { return nil }
      guard size <= hsize_t(limit) else {
        throw error(.implausible, "chunk \(offset)", "\(size) bytes in a file of \(limit)")
      }
      return try copyChunk(at: place, size: Int(size), into: &bytes)
    }
  }

  private func isInside(_ offset: [Int]) throws(HDF5Error) -> Bool {
    let extents = try currentShape()
    return extents.count == offset.count && zip(offset, extents).allSatisfy { $0 >= 0 && $0 < $1 }
  }

  private func copyChunk(
    at place: [hsize_t],
    size: Int,
    into bytes: inout [UInt8]
  ) throws(HDF5Error) -> UInt32 {
    bytes.reserveCapacity(size)
    bytes.append(contentsOf: repeatElement(0, count: size))
    var mask: UInt32 = 0
    guard H5Dread_chunk(identifier, chdf5_default(), place, &mask, &bytes) >= 0 else {
      throw error(.read, "chunk \(place)", takeErrorStack())
    }
    return mask
  }
}
