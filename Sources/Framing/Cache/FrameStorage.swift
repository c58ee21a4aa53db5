import EventIO
import HDF5

/// How a cache's counts lie in the file, and how to get at them.
struct FrameStorage: Sendable {
  let shape: FrameShape
  let type: CountType
  /// Frames in each chunk where chunks are read directly; nil where the library does it.
  private let framesPerChunk: Int?
  private let isDeflated: Bool

  /// Understands a layout.
  ///
  /// - Parameter isVariable: Whether samples differ in their number of frames.
  init(_ layout: HDF5Layout, isVariable: Bool) throws(FramingError) {
    let rank = isVariable ? 4 : 5
    guard layout.shape.count == rank, layout.shape[rank - 3] == 2,
      let geometry = SensorGeometry("\(layout.shape[rank - 1])x\(layout.shape[rank - 2])")
    else {
      let expected = isVariable ? "[F, 2, H, W]" : "[N, T, 2, H, W]"
      throw FramingError(.corrupt, "/frames has the shape \(layout.shape); expected \(expected)")
    }
    guard let type = CountType(layout.type) else {
      throw FramingError(.corrupt, "/frames must be uint8, int16 or int32")
    }
    shape = FrameShape(frameCount: isVariable ? nil : layout.shape[1], geometry: geometry)
    self.type = type
    isDeflated = !layout.filters.isEmpty
    framesPerChunk = Self.directChunk(layout, shape, type)
    let (total, overflow) = (shape.frameCount ?? 1).multipliedReportingOverflow(by: shape.frameSize)
    guard !overflow, total > 0, total <= FrameStack.countLimit else {
      throw FramingError(.tooLarge, "a sample of the shape \(layout.shape) is empty or too large")
    }
  }

  /// The frames per chunk if this package would have packed the chunks in the same way.
  private static func directChunk(
    _ layout: HDF5Layout,
    _ shape: FrameShape,
    _ type: CountType
  ) -> Int? {
    guard let chunk = layout.chunk, layout.isNative, chunk[0] == 1,
      Array(chunk.suffix(3)) == [2, shape.geometry.height, shape.geometry.width]
    else { return nil }
    let frames = shape.frameCount == nil ? 1 : chunk[1]
    guard frames == 1 || frames == shape.frameCount else { return nil }
    let steps: [String] = layout.filters.map { filter in
      switch filter {
      case .shuffle: "shuffle"
      case .deflate: "deflate"
      case .other: "other"
      }
    }
    switch steps {
    case ["shuffle", "deflate"]: return frames
    case [], ["deflate"]: return type == .uint8 ? frames : nil
    default: return nil
    }
  }

  /// The number of rows that a file of this size can hold: deflate shrinks at most 1032 to 1.
  func rowLimit(fileSize: Int) -> Int {
    let rowSize = (shape.frameCount ?? 1) * shape.frameSize
    let (bytes, overflow) = fileSize.multipliedReportingOverflow(by: 1032)
    return min(FrameStack.countLimit, overflow ? .max : bytes / type.byteCount) / rowSize
  }

  /// Reads whole rows: a sample, or consecutive frames where T differs.
  func read(
    _ dataset: HDF5Dataset,
    row: Int,
    rowCount: Int,
    into counts: inout [Int32],
    scratch: inout FrameCache.Scratch
  ) throws(HDF5Error) {
    let middle = shape.frameCount.map { [$0] } ?? []
    let extent = [rowCount] + middle + [2, shape.geometry.height, shape.geometry.width]
    let start = [row] + extent.dropFirst().map { _ in 0 }
    guard let framesPerChunk else {
      return try dataset.read(into: &counts, start: start, count: extent)
    }
    let chunkSize = framesPerChunk * shape.frameSize
    for index in 0..<counts.count / chunkSize {
      var offset = start
      if shape.frameCount == nil { offset[0] += index } else { offset[1] = index * framesPerChunk }
      let isRead = try readChunk(
        dataset,
        offset,
        into: &counts,
        at: index * chunkSize,
        count: chunkSize,
        &scratch
      )
      // A chunk that left a filter out, or was never written, is the library's business.
      if !isRead { return try dataset.read(into: &counts, start: start, count: extent) }
    }
  }

  private func readChunk(
    _ dataset: HDF5Dataset,
    _ offset: [Int],
    into counts: inout [Int32],
    at start: Int,
    count: Int,
    _ scratch: inout FrameCache.Scratch
  ) throws(HDF5Error) -> Bool {
    guard try dataset.readChunk(into: &scratch.chunk, at: offset) == 0 else { return false }
    let size = count * type.byteCount
    if isDeflated {
      guard ChunkCompression.inflate(scratch.chunk, into: &scratch.bytes, count: size) else {
        throw damaged(dataset, offset)
      }
      HDF5Shuffle.join(scratch.bytes, width: type.byteCount, into: &counts, at: start)
    } else {
      guard scratch.chunk.count == size else { throw damaged(dataset, offset) }
      HDF5Shuffle.join(scratch.chunk, width: type.byteCount, into: &counts, at: start)
    }
    return true
  }

  private func damaged(_ dataset: HDF5Dataset, _ offset: [Int]) -> HDF5Error {
    HDF5Error(
      .read,
      file: dataset.file.path,
      object: dataset.objectPath,
      reason: "the chunk at \(offset) is damaged; convert again"
    )
  }
}
