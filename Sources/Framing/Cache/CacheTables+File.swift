import HDF5

extension CacheDescription {
  /// What the description says as root attributes, as text.
  var attributes: [String: String] {
    var duration: Int64 = 0
    if case .microsecondsPerFrame(let microseconds, _) = recipe.slicing { duration = microseconds }
    return [
      "format": CacheSchema.format,
      "format_version": "\(CacheSchema.version)",
      "dataset": dataset,
      "frames_number": "\(recipe.slicing.frameCount ?? 0)",
      "split_by": recipe.slicing.splitBy,
      "duration_us": "\(duration)",
      "height": "\(recipe.geometry.height)",
      "width": "\(recipe.geometry.width)",
      "layout": CacheSchema.layout,
      "polarity_order": CacheSchema.polarityOrder,
      "time_unit": CacheSchema.timeUnit,
      CacheSchema.rowOrigin: rowsCountFromBottom ? "bottom" : "top",
      "recipe": recipe.json,
      "source_fingerprint": sourceFingerprint,
      "created_by": createdBy,
      "command": command,
    ]
  }
}

extension CacheSchema {
  /// The attributes that are integers; all others are strings.
  static let integerAttributes: Set = [
    "format_version", "frames_number", "duration_us", "height", "width", tablesChecksum,
    fileChecksum,
  ]
}

extension HDF5File {
  /// Writes everything but the frames.
  func write(_ tables: CacheTables, sampleShape shape: FrameShape) throws(HDF5Error) {
    for (path, texts) in tables.strings.sorted(by: { $0.key < $1.key }) {
      try createStrings(path, texts)
    }
    let slices: Set = [CacheSchema.sliceEvents, CacheSchema.sliceStart, CacheSchema.sliceEnd]
    try createGroup(CacheSchema.splits)
    for (path, values) in tables.numbers.sorted(by: { $0.key < $1.key }) {
      let rows = slices.contains(path) ? shape.frameCount : nil
      try write(path, values, .int64, shape: rows.map { [values.count / $0, $0] })
    }
    try write(CacheSchema.checksums, tables.checksums, .uint32, shape: nil)
    for (name, value) in tables.attributes.sorted(by: { $0.key < $1.key }) {
      if CacheSchema.integerAttributes.contains(name), let number = Int64(value) {
        try setAttribute(name, to: number)
      } else {
        try setAttribute(name, to: value)
      }
    }
  }

  private func write<Number: HDF5Scalar>(
    _ path: String,
    _ values: [Number],
    _ type: HDF5ScalarType,
    shape: [Int]?
  ) throws(HDF5Error) {
    let shape = shape ?? [values.count]
    let dataset = try createDataset(path, layout: HDF5Layout(type: .scalar(type), shape: shape))
    try dataset.write(values, start: shape.map { _ in 0 }, count: shape)
  }
}

extension CacheTables {
  /// Reads the tables of a cache.
  ///
  /// - Parameter paths: Every dataset of the file but the frames.
  init(_ file: HDF5Reader, attributes names: [String], paths: [String]) throws(HDF5Error) {
    for name in names {
      if name == CacheSchema.fileChecksum {
        attributes[name] = "0"
        continue
      }
      attributes[name] =
        CacheSchema.integerAttributes.contains(name)
        ? "\(try file.integerAttribute(name))" : try file.stringAttribute(name)
    }
    let texts: Set = [CacheSchema.names, CacheSchema.classNames, CacheShard.content]
    for path in paths {
      let dataset = try file.dataset(path)
      if path == CacheSchema.checksums {
        checksums = try dataset.integers().map { UInt32(truncatingIfNeeded: $0) }
      } else if texts.contains(path) {
        strings[path] = try dataset.strings()
      } else {
        numbers[path] = try dataset.integers()
      }
    }
  }
}
