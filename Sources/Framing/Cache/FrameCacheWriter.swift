import HDF5

/// Writes a frame cache: append samples in order, then finish.
///
/// The file bears a temporary name until ``finish(splits:)`` succeeds, so a cache that exists is
/// complete. Use a writer from one thread at a time.
public final class FrameCacheWriter {
  /// What the cache will say about itself.
  public let description: CacheDescription
  /// The type in which counts are stored.
  public let type: CountType
  /// The number of samples so far.
  public var count: Int { names.count }

  private let destination: DurableFile
  private let file: HDF5File
  private let shape: FrameShape
  private let compression: Int
  private let frames: HDF5Dataset
  private var capacity = 0
  private var names: [String] = []
  private var labels: [Int64] = []
  private var slices = SliceTable()
  private var offsets: [Int64] = [0]
  private var isFinished = false

  /// Begins a cache.
  ///
  /// - Parameters:
  ///   - path: The final path; a file there stays as it is until the new one is complete.
  ///   - type: The type in which counts are stored; it must hold every sample's.
  ///   - compression: zlib's level, 0 to 9.
  /// - Throws: ``FramingError`` of kind `output`.
  public init(
    _ path: String,
    description: CacheDescription,
    type: CountType,
    compression: Int
  ) throws(FramingError) {
    self.description = description
    self.type = type
    self.compression = compression
    shape = FrameShape(description.recipe)
    destination = DurableFile(path: path)
    do {
      file = try HDF5File.create(destination.partialPath)
      frames = try file.createDataset(
        CacheSchema.frames,
        layout: shape.layout(type, rows: 0, compression: compression)
      )
    } catch {
      throw FramingError(.output, error.description)
    }
  }

  deinit {
    if !isFinished { destination.discard() }
  }

  /// Appends a sample.
  ///
  /// - Throws: ``FramingError`` of kind `output`.
  public func append(_ sample: EncodedSample) throws(FramingError) {
    precondition(
      description.classNames.indices.contains(sample.label),
      "label \(sample.label) of \(description.classNames.count) classes"
    )
    precondition(sample.type <= type, "\(sample.name) needs \(sample.type), the cache is \(type)")
    let sample = try sample.widened(to: type, shape, compression: compression)
    try writing { () throws(HDF5Error) in
      let row = rowCount
      try reserveRows(row + (shape.frameCount == nil ? sample.chunks.count : 1))
      for (index, chunk) in sample.chunks.enumerated() {
        let offset =
          shape.frameCount == nil
          ? shape.chunkOffset(row: row + index, chunk: 0, type)
          : shape.chunkOffset(row: row, chunk: index, type)
        try frames.writeChunk(chunk, at: offset)
      }
    }
    names.append(sample.name)
    labels.append(Int64(sample.label))
    slices.append(sample.slices)
    offsets.append(Int64(slices.events.count))
  }

  /// Writes the tables, flushes everything to the disk and gives the file its name.
  ///
  /// - Parameter splits: Sample indices by part, by name of the split.
  /// - Throws: ``FramingError`` of kind `output`.
  public func finish(splits: [String: [String: [Int]]]) throws(FramingError) {
    precondition(!isFinished, "finish was called twice")
    try writing { () throws(HDF5Error) in
      try frames.resize(firstExtent: rowCount)
      try writeTables()
      try writeSplits(splits)
      try writeAttributes()
      try file.flush()
    }
    try destination.commit()
    isFinished = true
  }

  /// The number of rows of `/frames` in use.
  private var rowCount: Int { shape.frameCount == nil ? slices.events.count : names.count }

  /// Makes room in steps that grow, so that few extents are written.
  private func reserveRows(_ needed: Int) throws(HDF5Error) {
    guard needed > capacity else { return }
    capacity = max(needed, capacity + capacity / 2, 64)
    try frames.resize(firstExtent: capacity)
  }

  private func writing(_ body: () throws(HDF5Error) -> Void) throws(FramingError) {
    do { try body() } catch { throw FramingError(.output, error.description) }
  }
}

// MARK: Tables and attributes

extension FrameCacheWriter {
  private func writeTables() throws(HDF5Error) {
    try file.createStrings(CacheSchema.names, names)
    try file.createStrings(CacheSchema.classNames, description.classNames)
    try write(CacheSchema.labels, labels, shape: [labels.count])
    let extent = shape.frameCount.map { [names.count, $0] } ?? [slices.events.count]
    try write(CacheSchema.sliceEvents, slices.events, shape: extent)
    try write(CacheSchema.sliceStart, slices.start, shape: extent)
    try write(CacheSchema.sliceEnd, slices.end, shape: extent)
    if shape.frameCount == nil {
      try write(CacheSchema.offsets, offsets, shape: [offsets.count])
    }
  }

  private func write(
    _ path: String,
    _ values: [Int64],
    shape: [Int]
  ) throws(HDF5Error) {
    let dataset = try file.createDataset(
      path,
      layout: HDF5Layout(type: .scalar(.int64), shape: shape)
    )
    try dataset.write(values, start: shape.map { _ in 0 }, count: shape)
  }

  private func writeSplits(_ splits: [String: [String: [Int]]]) throws(HDF5Error) {
    try file.createGroup(CacheSchema.splits)
    for (name, parts) in splits.sorted(by: { $0.key < $1.key }) {
      for (part, indices) in parts.sorted(by: { $0.key < $1.key }) {
        precondition(
          indices.allSatisfy { (0..<count).contains($0) },
          "split \(name)/\(part) of \(count) samples"
        )
        try write(
          "\(CacheSchema.splits)/\(name)/\(part)",
          indices.map { Int64($0) },
          shape: [indices.count]
        )
      }
    }
  }

  private func writeAttributes() throws(HDF5Error) {
    let recipe = description.recipe
    var duration: Int64 = 0
    if case .microsecondsPerFrame(let microseconds, _) = recipe.slicing { duration = microseconds }
    try file.setAttribute("format", to: CacheSchema.format)
    try file.setAttribute("format_version", to: CacheSchema.version)
    try file.setAttribute("dataset", to: description.dataset)
    try file.setAttribute("frames_number", to: Int64(recipe.slicing.frameCount ?? 0))
    try file.setAttribute("split_by", to: recipe.slicing.splitBy)
    try file.setAttribute("duration_us", to: duration)
    try file.setAttribute("height", to: Int64(recipe.geometry.height))
    try file.setAttribute("width", to: Int64(recipe.geometry.width))
    try file.setAttribute("layout", to: CacheSchema.layout)
    try file.setAttribute("polarity_order", to: CacheSchema.polarityOrder)
    try file.setAttribute("time_unit", to: CacheSchema.timeUnit)
    try file.setAttribute(
      CacheSchema.rowOrigin,
      to: description.rowsCountFromBottom ? "bottom" : "top"
    )
    try file.setAttribute("recipe", to: recipe.json)
    try file.setAttribute("source_fingerprint", to: description.sourceFingerprint)
    try file.setAttribute("created_by", to: description.createdBy)
    try file.setAttribute("command", to: description.command)
  }
}
