/// An array in a file: its layout, and reading of whole rows.
///
/// Chunks are read and inflated on the caller's thread, without any lock.
package final class HDF5DatasetReader: Sendable {
  /// The path within the file.
  package let path: String
  /// How the dataset lies in the file.
  package let layout: HDF5Layout

  private let file: StoredFile
  private let storage: DatasetStorage
  private let filters: FilterPipeline
  private let elementBytes: Int
  private let isBigEndian: Bool
  private let isFilledWithZeros: Bool

  /// Memory for reading that is reused; one per thread.
  package struct Scratch: Sendable {
    /// The rows that were read last: lowest byte first, filters undone.
    package fileprivate(set) var rows: [UInt8] = []
    fileprivate var chunk: [UInt8] = []
    fileprivate var spare: [UInt8] = []

    /// Creates empty memory.
    package init() {}
  }

  init(_ file: StoredFile, path: String, _ header: ObjectHeader) throws(HDF5Error) {
    self.file = file
    self.path = path
    let type = try StoredType(header.require(.datatype))
    let shape = try StoredShape(header.require(.dataspace))
    if let message = header.first(.filters) {
      filters = try FilterPipeline(message)
    } else {
      filters = FilterPipeline()
    }
    storage = try DatasetStorage(header.require(.layout), file, type, shape.extents, filters)
    elementBytes = type.byteCount
    isBigEndian = type.isBigEndian
    isFilledWithZeros = try FillValue.isZero(header)
    var chunk: [Int]?
    if case .chunked(let index) = storage { chunk = index.grid.chunk }
    layout = HDF5Layout(
      type: type.element,
      shape: shape.extents,
      chunk: chunk,
      isGrowable: chunk != nil && shape.isGrowable,
      filters: chunk == nil ? [] : filters.filters
    )
  }

  /// The number of rows, which is the first extent; a single value is one row.
  package var rowCount: Int { layout.shape.first ?? 1 }

  /// Bytes of one row: all elements with the same first index.
  ///
  /// The product does not overflow, because that of all extents was checked, unless one is zero.
  package var rowBytes: Int {
    layout.shape.contains(0) ? 0 : layout.shape.dropFirst().reduce(elementBytes, *)
  }

  /// Reads rows into `scratch.rows`.
  ///
  /// - Parameters:
  ///   - rows: Indices of the first dimension, which must be inside. The caller has made sure that
  ///     so many bytes are wanted.
  ///   - scratch: Reused between calls.
  /// - Throws: ``HDF5Error`` naming the dataset.
  package func read(_ rows: Range<Int>, _ scratch: inout Scratch) throws(HDF5Error) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
    let count = rows.count * rowBytes
    let start = rows.lowerBound * rowBytes
    do throws(HDF5Error) {
      switch storage {
      case .compact(let bytes): scratch.rows = Array(bytes[start..<start + count])
      case .contiguous(let address?):
        try file.read(count, at: address + start, into: &scratch.rows)
      case .contiguous(nil): try fill(&scratch.rows, count)
      case .chunked(let index):
        if rows.count == 1, index.grid.chunk.first == 1, index.grid.chunkBytes == count {
          let origin = [rows.lowerBound] + layout.shape.dropFirst().map { _ in 0 }
          try read(index.chunk(at: origin), index, &scratch)
          swap(&scratch.rows, &scratch.chunk)
        } else {
          try gather(rows, index, &scratch)
        }
      }
      if isBigEndian { StoredIntegers.reverseBytes(of: &scratch.rows, width: elementBytes) }
    } catch {
      throw error.at(file.path, path)
    }
  }

  /// Reads a chunk as it lies in the file, filters still applied.
  ///
  /// - Parameters:
  ///   - bytes: Receives the chunk; its memory is reused.
  ///   - origin: The index of the chunk's first element in each dimension.
  /// - Returns: The mask of the filters that were left out when the chunk was written, or nil when
  ///   there is no such chunk.
  package func readChunk(
    into bytes: inout [UInt8],
    at origin: [Int]
  ) throws(HDF5Error) -> UInt32? {
    bytes.removeAll(keepingCapacity: true)
    guard case .chunked(let index) = storage, origin.count == layout.shape.count,
      let chunk = index.chunk(at: origin)
    else { return nil }
    do throws(HDF5Error) {
      try file.read(chunk.byteCount, at: chunk.address, into: &bytes)
    } catch {
      throw error.at(file.path, path)
    }
    return chunk.filterMask
  }

  // MARK: Chunks

  /// Reads a chunk's elements into `scratch.chunk`.
  private func read(
    _ chunk: StoredChunk?,
    _ index: ChunkIndex,
    _ scratch: inout Scratch
  ) throws(HDF5Error) {
    guard let chunk else { return try fill(&scratch.chunk, index.grid.chunkBytes) }
    try file.read(chunk.byteCount, at: chunk.address, into: &scratch.chunk)
    do throws(HDF5Error) {
      try filters.undo(
        &scratch.chunk,
        &scratch.spare,
        mask: chunk.filterMask,
        count: index.grid.chunkBytes
      )
    } catch {
      throw HDF5Error(error.kind, "chunk \(chunk.number): \(error.reason)")
    }
  }

  /// Puts rows together from all chunks that hold a part of them.
  private func gather(
    _ rows: Range<Int>,
    _ index: ChunkIndex,
    _ scratch: inout Scratch
  ) throws(HDF5Error) {
    resize(&scratch.rows, to: rows.count * rowBytes)
    guard !scratch.rows.isEmpty else { return }
    let box = [rows] + layout.shape.dropFirst().map { 0..<$0 }
    let grid = index.grid
    let first = zip(box, grid.chunk).map { $0.lowerBound / $1 }
    let last = zip(box, grid.chunk).map { ($0.upperBound - 1) / $1 }
    var place = first
    while true {
      let origin = zip(place, grid.chunk).map { $0 * $1 }
      try read(index.chunk(at: origin), index, &scratch)
      copy(from: origin, grid.chunk, to: box, &scratch)
      guard Self.advance(&place, first, last) else { return }
    }
  }

  /// Copies what a chunk and a box share from `scratch.chunk` to `scratch.rows`, line by line.
  private func copy(
    from origin: [Int],
    _ chunk: [Int],
    to box: [Range<Int>],
    _ scratch: inout Scratch
  ) {
    let shared = zip(zip(origin, chunk), box).map { part, range in
      max(part.0, range.lowerBound)..<min(part.0 + part.1, range.upperBound)
    }
    // A line runs along the last dimension, and along those before while all of it is shared.
    var axis = shared.count - 1
    while axis > 0, shared[axis].count == chunk[axis], shared[axis].count == box[axis].count {
      axis -= 1
    }
    let line = shared[axis...].reduce(elementBytes) { $0 * $1.count }
    let first = shared.map(\.lowerBound)
    let last = shared.enumerated().map { $0 < axis ? $1.upperBound - 1 : $1.lowerBound }
    var place = first
    scratch.chunk.withUnsafeBytes { source in
      scratch.rows.withUnsafeMutableBytes { target in
        repeat {
          var (from, to) = (0, 0)
          for dimension in place.indices {
            from = from * chunk[dimension] + place[dimension] - origin[dimension]
            to = to * box[dimension].count + place[dimension] - box[dimension].lowerBound
          }
          let part = source[(from * elementBytes)...].prefix(line)
          target[(to * elementBytes)...].copyBytes(from: part)
        } while Self.advance(&place, first, last)
      }
    }
  }

  /// The next place, row-major, between two that belong to it; false after the last.
  private static func advance(_ place: inout [Int], _ first: [Int], _ last: [Int]) -> Bool {
    for axis in place.indices.reversed() {
      if place[axis] < last[axis] {
        place[axis] += 1
        return true
      }
      place[axis] = first[axis]
    }
    return false
  }

  private func fill(_ bytes: inout [UInt8], _ count: Int) throws(HDF5Error) {
    guard isFilledWithZeros else {
      throw .unsupported("a part of it was never written, and its fill value is not zero")
    }
    bytes.removeAll(keepingCapacity: true)
    resize(&bytes, to: count)
  }
}

extension HDF5DatasetReader {
  /// Reads all elements as integers of 64 bits, row-major; the largest of 64 unsigned bits clamp.
  ///
  /// - Throws: ``HDF5Error`` if they are not integers, or more than the file can plausibly hold.
  package func integers() throws(HDF5Error) -> [Int64] {
    var scratch = Scratch()
    return try integers(0..<rowCount, &scratch, isCharged: true)
  }

  /// Reads the elements of rows as integers.
  package func integers(
    _ rows: Range<Int>,
    _ scratch: inout Scratch
  ) throws(HDF5Error) -> [Int64] {
    try integers(rows, &scratch, isCharged: false)
  }

  private func integers(
    _ rows: Range<Int>,
    _ scratch: inout Scratch,
    isCharged: Bool
  ) throws(HDF5Error) -> [Int64] {
    guard case .scalar(let type) = layout.type, type != .float32, type != .float64 else {
      throw HDF5Error(.mismatch, "its elements are not integers").at(file.path, path)
    }
    if isCharged { try chargeAll(bytesPerElement: elementBytes + 8) }
    try read(rows, &scratch)
    return StoredIntegers.widened(scratch.rows, type)
  }

  /// Reads a list of strings of fixed or variable length.
  ///
  /// - Throws: ``HDF5Error`` if it is not one, or more than the file can plausibly hold.
  package func strings() throws(HDF5Error) -> [String] {
    guard layout.shape.count == 1 else {
      throw HDF5Error(.mismatch, "a list of strings is expected, its shape is \(layout.shape)")
        .at(file.path, path)
    }
    try chargeAll(bytesPerElement: elementBytes + 64)
    var scratch = Scratch()
    try read(0..<rowCount, &scratch)
    var fields = FieldCursor(scratch.rows)
    do throws(HDF5Error) {
      return try StoredStrings.read(rowCount, layout.type, &fields, file)
    } catch {
      throw error.at(file.path, path)
    }
  }

  /// Pays for reading everything; chunks count as often as they are inflated, which is once.
  private func chargeAll(bytesPerElement: Int) throws(HDF5Error) {
    var extents = layout.shape
    if case .chunked(let index) = storage, !extents.contains(0) {
      extents = zip(index.grid.counts, index.grid.chunk).map { counts, extent in
        let (product, overflow) = counts.multipliedReportingOverflow(by: extent)
        return overflow ? .max : product
      }
    }
    do throws(HDF5Error) {
      guard let bytes = checkedProduct(extents + [bytesPerElement]) else {
        throw HDF5Error(.implausible, "the extent \(layout.shape) is too large")
      }
      try file.chargeContent(bytes)
    } catch {
      throw error.at(file.path, path)
    }
  }
}
