import EventIO

/// Turns one recording after the other into samples, in memory that is reused; for one thread.
final class RecordingWorker {
  private let catalog: RecordingCatalog
  private let recipe: FramingRecipe
  private let isGeometryForced: Bool
  private let integrator: FrameIntegrator
  private var events = EventBuffer()
  private var chunk = EventBuffer()
  private var window = EventBuffer()
  private var stack: FrameStack

  init(
    _ catalog: RecordingCatalog,
    _ recipe: FramingRecipe,
    isGeometryForced: Bool
  ) throws(FramingError) {
    self.catalog = catalog
    self.recipe = recipe
    self.isGeometryForced = isGeometryForced
    integrator = FrameIntegrator(geometry: recipe.geometry, strayEvents: recipe.strayEvents)
    stack = try FrameStack(frameCount: 0, geometry: recipe.geometry)
  }

  /// Decodes a recording and makes its samples.
  ///
  /// - Parameter store: Takes a sample and its index in the catalog.
  /// - Throws: `RecordingError`, ``FramingError``, `CancellationError`, or what `store` throws.
  func process(
    recording: Int,
    samples indices: [Int],
    store: (Int, FramedSample) throws -> Void
  ) throws -> RecordingNote {
    let source = catalog.source(ofRecording: recording)
    var note = RecordingNote()
    note.stamp = source.stamp()
    note.digest = try source.fingerprint()
    // Files that do not say their sensor need no warning where the dataset says it.
    let isTold =
      catalog.kind.geometry != nil && ["bin", "npz"].contains { source.name.hasSuffix(".\($0)") }
    var reader = try RecipeReader.open(source, recipe, isGeometryForced: isGeometryForced || isTold)
    events.removeAll()
    while try reader.read(into: &chunk) {
      try Task.checkCancellation()
      events.reserve(chunk.count)
      events.append(contentsOf: chunk)
    }
    note.events = events.count
    note.droppedEvents = reader.report.strayEvents
    note.rowsCountFromBottom = reader.header.rowOrigin == .bottom
    note.warnings = Self.warnings(reader)
    let isSorted = reader.report.backwardSteps == 0
    for index in indices {
      try Task.checkCancellation()
      let sample = catalog.samples[index]
      do {
        if let range = sample.window { cut(range, isSorted: isSorted) }
        let events = sample.window == nil ? events : window
        let slices = try SliceIndex(
          events,
          slicing: recipe.slicing,
          timestampType: reader.header.timestampType
        )
        note.warnings += slices.warnings
        try store(index, framed(sample, events, slices, reader.header.timestampType))
      } catch let error as FramingError {
        throw error.at("\(source.name) (\(sample.name))")
      }
    }
    return note
  }

  private func framed(
    _ sample: CatalogSample,
    _ events: EventBuffer,
    _ slices: SliceIndex,
    _ timestampType: TimestampType
  ) throws(FramingError) -> FramedSample {
    try FrameStack.checkSize(frameCount: slices.count, geometry: recipe.geometry)
    let table = SliceTable(events, slices)
    return FramedSample(
      name: sample.name,
      label: sample.label,
      slices: table,
      timestampType: timestampType,
      events: { events }
    ) { body in
      for part in FrameStack.parts(of: slices.count, geometry: self.recipe.geometry) {
        try Task.checkCancellation()
        let slices = SliceIndex(ranges: Array(slices.ranges[part]), eventCount: events.count)
        try self.integrator.integrate(events, slices, into: &self.stack)
        try body(self.stack)
      }
    }
  }

  /// Copies the events of a stretch of time; `start <= t < end`.
  private func cut(_ range: Range<Int64>, isSorted: Bool) {
    window.removeAll()
    if isSorted {
      let start = bisect(events.t) { $0 < range.lowerBound }
      let end = bisect(events.t) { $0 < range.upperBound }
      window.append(contentsOf: events, in: start..<max(start, end))
    } else {
      for index in 0..<events.count where range.contains(events.t[index]) {
        window.append(
          t: events.t[index],
          x: events.x[index],
          y: events.y[index],
          p: events.p[index]
        )
      }
    }
  }

  private static func warnings(_ reader: any EventReader) -> [String] {
    let report = reader.report
    var warnings = report.warnings
    func note(_ count: Int, _ text: String) {
      if count > 0 { warnings.append(text) }
    }
    note(report.strayEvents, "events outside the sensor were dropped")
    note(report.backwardSteps, "timestamps are not in order")
    note(report.invalidEvents, "events that the recording marks as invalid were met")
    note(report.slackEntries, "packets have unused entries")
    return warnings
  }
}

/// Opens recordings as a recipe wants them.
enum RecipeReader {
  /// Opens a recording whose events will lie on the recipe's sensor.
  ///
  /// - Parameter isGeometryForced: Whether the recipe's sensor overrides what files say.
  /// - Throws: `RecordingError`, or ``FramingError`` where the file has another sensor.
  static func open(
    _ source: RecordingSource,
    _ recipe: FramingRecipe,
    isGeometryForced: Bool
  ) throws -> any EventReader {
    var options = options(recipe)
    if isGeometryForced { options.geometry = recipe.geometry }
    let reader = try Recording.open(source.open(), options: options)
    guard reader.header.geometry != recipe.geometry else { return reader }
    guard reader.header.geometrySource == .formatDefault else {
      throw FramingError(
        .corrupt,
        "its sensor is \(reader.header.geometry), the frames are \(recipe.geometry); "
          + "convert it apart, or pass --geometry",
        path: source.name
      )
    }
    options.geometry = recipe.geometry
    return try Recording.open(source.open(), options: options)
  }

  /// What the recipe says about reading.
  static func options(_ recipe: FramingRecipe) -> ReadOptions {
    ReadOptions(
      camera: recipe.camera.flatMap { AddressLayout.named($0) },
      aedat31: recipe.aedat31,
      strayEvents: recipe.strayEvents == .drop ? .drop : .reject
    )
  }
}

extension RecordingCatalog {
  /// The sensor of a dataset: its own, or else that of the first recording.
  ///
  /// - Throws: `RecordingError` if the first recording cannot be opened.
  public func geometry(reading options: ReadOptions) throws -> SensorGeometry {
    if let geometry = options.geometry ?? kind.geometry { return geometry }
    guard let first = samples.first else {
      throw FramingError(.corrupt, "there is no recording", path: root)
    }
    let source = self.source(ofRecording: first.recording)
    return try Recording.open(source.open(), options: options).header.geometry
  }
}
