/// Where the elements of a dataset lie, from its layout message.
enum DatasetStorage: Sendable {
  /// Chunks of more bytes are refused in small files, because each needs its memory to be read.
  private static let largestChunk = 32 << 20

  /// In the object's header.
  case compact([UInt8])
  /// In one block of the file; nil where nothing was ever written.
  case contiguous(address: Int?)
  /// In chunks.
  case chunked(ChunkIndex)

  /// Reads a layout message of version 3: version u8, class u8, then by class
  /// 0 size u16 and elements; 1 address u64 and size u64; 2 rank + 1 as u8, address u64 of a B-tree,
  /// the extents of a chunk u32 each and the size of an element u32.
  init(
    _ message: FieldCursor,
    _ file: StoredFile,
    _ type: StoredType,
    _ shape: [Int],
    _ filters: FilterPipeline
  ) throws(HDF5Error) {
    var fields = message
    let version = try fields.byte()
    guard version == 3 else { throw .unsupported("it has a layout of version \(version)") }
    guard let size = checkedProduct(shape + [type.byteCount]) else {
      throw HDF5Error(.implausible, "the extent \(shape) is too large")
    }
    switch try fields.byte() {
    case 0:
      let count = try fields.u16()
      guard count >= size else { throw Self.short(count, of: size) }
      self = .compact(Array(try fields.take(size)))
    case 1:
      let address = try fields.optionalAddress()
      let count = try fields.size()
      guard address == nil || count >= size else { throw Self.short(count, of: size) }
      if let address, size > file.byteCount || address > file.byteCount - size {
        throw HDF5Error(.corrupt, "its elements lie beyond the end of the file, which is cut off")
      }
      self = .contiguous(address: address)
    case 2:
      let rank = try fields.byte() - 1
      let tree = try fields.optionalAddress()
      guard rank == shape.count, rank >= 1 else {
        throw HDF5Error(.corrupt, "its chunks have \(rank) dimensions, it has \(shape.count)")
      }
      var chunk: [Int] = []
      for _ in 0..<rank { chunk.append(try fields.u32()) }
      let width = try fields.u32()
      guard !chunk.contains(0), width == type.byteCount,
        let count = checkedProduct(chunk + [width])
      else { throw HDF5Error(.corrupt, "its chunks have the extent \(chunk)") }
      guard count <= Self.largestChunk + 4 * file.byteCount else {
        throw .unsupported("its chunks have \(count) bytes, too many to read one at a time")
      }
      let grid = ChunkGrid(shape: shape, chunk: chunk, chunkBytes: count)
      self = .chunked(try ChunkIndex(file, tree: tree, grid, filters))
    case let number: throw .unsupported("it has a layout of the class \(number)")
    }
  }

  private static func short(_ count: Int, of size: Int) -> HDF5Error {
    HDF5Error(.implausible, "\(count) bytes are stored, its extent needs \(size)")
  }
}

/// How a dataset is divided into chunks.
struct ChunkGrid: Sendable {
  let shape: [Int]
  let chunk: [Int]
  /// Bytes of a chunk's elements; chunks at an edge have as many.
  let chunkBytes: Int
  /// How many chunks there are in each dimension; the last ones may reach beyond the shape.
  let counts: [Int]

  init(shape: [Int], chunk: [Int], chunkBytes: Int) {
    self.shape = shape
    self.chunk = chunk
    self.chunkBytes = chunkBytes
    counts = zip(shape, chunk).map { $0 / $1 + ($0 % $1 == 0 ? 0 : 1) }
  }

  /// The number of a chunk, row-major, from its first element; nil outside the shape.
  func number(of origin: [Int]) -> Int? {
    var number = 0
    for ((origin, count), extent) in zip(zip(origin, counts), chunk) {
      guard origin / extent < count else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: count)
      guard !overflow else { return nil }
      let (sum, isTooLarge) = product.addingReportingOverflow(origin / extent)
      guard !isTooLarge else { return nil }
      number = sum
    }
    return number
  }
}

/// A chunk as the file holds it.
struct StoredChunk: Sendable {
  /// The number of the chunk in its grid, row-major.
  let number: Int
  /// Where it lies.
  let address: Int
  /// Bytes in the file.
  let byteCount: Int
  /// Bit i is set if filter i was left out.
  let filterMask: UInt32
}

/// The chunks of a dataset that were written.
struct ChunkIndex: Sendable {
  let grid: ChunkGrid
  /// In the order of their numbers.
  private let chunks: [StoredChunk]

  /// Reads the B-tree; `tree` is nil where no chunk was ever written.
  init(
    _ file: StoredFile,
    tree: Int?,
    _ grid: ChunkGrid,
    _ filters: FilterPipeline
  ) throws(HDF5Error) {
    self.grid = grid
    var chunks: [StoredChunk] = []
    if let tree {
      let rank = grid.shape.count
      // Behind the coordinates a key has one more, that of the bytes in an element.
      try BTree.walk(file, at: tree, kind: .chunks(rank: rank)) {
        (key, address) throws(HDF5Error) in
        var key = key
        let size = try key.u32()
        let mask = try key.number(UInt32.self)
        var origin: [Int] = []
        for _ in 0..<rank { origin.append(try key.size()) }
        guard zip(origin, grid.chunk).allSatisfy({ $0 % $1 == 0 }) else {
          throw HDF5Error(.corrupt, "a chunk starts at \(origin), within another")
        }
        guard size > 0, address <= file.byteCount, size <= file.byteCount - address else {
          throw HDF5Error(.corrupt, "the chunk at \(origin) lies outside the file")
        }
        guard grid.chunkBytes <= filters.largestContent(of: size) else {
          throw HDF5Error(
            .implausible,
            "the chunk at \(origin) promises \(grid.chunkBytes) bytes from \(size)"
          )
        }
        guard let number = grid.number(of: origin) else { return }
        chunks.append(
          StoredChunk(number: number, address: address, byteCount: size, filterMask: mask)
        )
      }
    }
    chunks.sort { $0.number < $1.number }
    if let (one, _) = zip(chunks, chunks.dropFirst()).first(where: { $0.number == $1.number }) {
      throw HDF5Error(.corrupt, "chunk \(one.number) is there twice")
    }
    self.chunks = chunks
  }

  /// The chunk that starts at an element; nil where it was never written.
  func chunk(at origin: [Int]) -> StoredChunk? {
    guard let number = grid.number(of: origin) else { return nil }
    if number < chunks.count, chunks[number].number == number { return chunks[number] }
    var (lower, upper) = (0, chunks.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if chunks[middle].number < number { lower = middle + 1 } else { upper = middle }
    }
    guard lower < chunks.count, chunks[lower].number == number else { return nil }
    return chunks[lower]
  }
}
