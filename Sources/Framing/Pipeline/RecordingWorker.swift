import EventIO

/// Turns one recording after the other into samples, in memory that is reused; for one thread.
final class RecordingWorker {
  private let catalog: RecordingCatalog
  private let recipe: FramingRecipe
  private let isGeometryForced: Bool
  private let heldEvents: Int
  private let integrator: FrameIntegrator
  private var events = EventBuffer()
  private var chunk = EventBuffer()
  private var window = EventBuffer()
  private var stack: FrameStack

  init(
    _ catalog: RecordingCatalog,
    _ recipe: FramingRecipe,
    isGeometryForced: Bool,
    heldEvents: Int
  ) throws(FramingError) {
    self.heldEvents = heldEvents
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
    let content = try RecordingContent(catalog.source(ofRecording: recording))
    var note = RecordingNote()
    note.stamp = content.stamp
    // Files that do not say their sensor need no warning where the dataset says it.
    let isTold =
      catalog.kind.geometry != nil && ["bin", "npz"].contains { content.name.hasSuffix(".\($0)") }
    let isForced = isGeometryForced || isTold
    let long = LongRecording { [recipe] in
      try RecipeReader.open(content, recipe, isGeometryForced: isForced)
    }
    do {
      let (header, report) = try makeSamples(long, indices, &note, store)
      note.digest = try content.digest()
      note.events = report.events
      note.droppedEvents = report.strayEvents
      note.rowsCountFromBottom = header.rowOrigin == .bottom
      note.warnings += Self.warnings(report)
    } catch let error as FramingError {
      throw error.at(content.name)
    }
    return note
  }

  /// Makes a recording's samples, in the quickest way that it allows.
  private func makeSamples(
    _ recording: LongRecording,
    _ indices: [Int],
    _ note: inout RecordingNote,
    _ store: (Int, FramedSample) throws -> Void
  ) throws -> (RecordingHeader, ReadReport) {
    if let read = try storeCounted(recording, indices, &note, store) { return read }
    if let reader = try storePassing(recording, indices, &note, store) {
      return (reader.header, reader.report)
    }
    let reader =
      if let whole = try readWhole(recording) {
        try storeWhole(whole, indices, &note, store)
      } else {
        try storeLong(recording, indices, &note, store)
      }
    return (reader.header, reader.report)
  }

  // MARK: Recordings that are counted while they are read

  /// Makes the only sample of a recording whose events go straight into its frames; nil if they
  /// cannot.
  private func storeCounted(
    _ recording: LongRecording,
    _ indices: [Int],
    _ note: inout RecordingNote,
    _ store: (Int, FramedSample) throws -> Void
  ) throws -> (RecordingHeader, ReadReport)? {
    guard case .equalCount(let frames) = recipe.slicing, indices.count == 1,
      catalog.samples[indices[0]].window == nil,
      FrameStack.parts(of: frames, geometry: recipe.geometry).count == 1
    else { return nil }
    let reader = try recording.open()
    guard let (slices, report) = try integrator.stream(reader, frames: frames, into: &stack) else {
      return nil
    }
    let sample = catalog.samples[indices[0]]
    note.warnings += SliceIndex.equalCount(frames: frames, eventCount: report.events).warnings
    let framed = FramedSample(
      name: sample.name,
      label: sample.label,
      slices: slices,
      timestampType: reader.header.timestampType,
      events: { try recording.collect([nil])[0] },
      forEachPart: { try $0(self.stack) }
    )
    do {
      try store(indices[0], framed)
    } catch let error as FramingError {
      throw error.inside(sample.name)
    }
    return (reader.header, report)
  }

  // MARK: Recordings that are cut while they are read

  /// Makes the samples of disjoint windows, holding one at a time; nil where the recording does not
  /// allow it, which may show only after some samples were stored: they have to be stored anew.
  private func storePassing(
    _ recording: LongRecording,
    _ indices: [Int],
    _ note: inout RecordingNote,
    _ store: (Int, FramedSample) throws -> Void
  ) throws -> (any EventReader)? {
    let samples = indices.compactMap { index in
      catalog.samples[index].window.map { (index: index, window: $0) }
    }.sorted { $0.window.lowerBound < $1.window.lowerBound }
    guard !samples.isEmpty, samples.count == indices.count,
      var passage = WindowPassage(samples.map(\.window), limit: heldEvents)
    else { return nil }
    var reader = try recording.open()
    var passing = note
    window.removeAll()
    while try reader.read(into: &chunk) {
      try Task.checkCancellation()
      guard reader.report.backwardSteps == 0 else { return nil }
      let fits = try passage.add(chunk, &window) {
        try storeHeld(samples[$0].index, $1, reader, &passing, store)
      }
      if !fits { return nil }
    }
    try passage.finish(&window) {
      try storeHeld(samples[$0].index, $1, reader, &passing, store)
    }
    note = passing
    return reader
  }

  // MARK: Recordings that fit

  /// Reads a recording's events; nil if they are too many.
  private func readWhole(_ recording: LongRecording) throws -> (any EventReader)? {
    var reader = try recording.open()
    events.removeAll()
    events.reserve(min(reader.header.maximumEvents ?? 0, heldEvents))
    while try reader.read(into: &chunk) {
      try Task.checkCancellation()
      guard events.count + chunk.count <= heldEvents else {
        events = EventBuffer()
        return nil
      }
      events.append(contentsOf: chunk)
    }
    return reader
  }

  private func storeWhole(
    _ reader: any EventReader,
    _ indices: [Int],
    _ note: inout RecordingNote,
    _ store: (Int, FramedSample) throws -> Void
  ) throws -> any EventReader {
    let isSorted = reader.report.backwardSteps == 0
    for index in indices {
      let range = catalog.samples[index].window
      if let range { events.copy(range, into: &window, isSorted: isSorted) }
      try storeHeld(index, range == nil ? events : window, reader, &note, store)
    }
    return reader
  }

  private func storeHeld(
    _ index: Int,
    _ events: EventBuffer,
    _ reader: any EventReader,
    _ note: inout RecordingNote,
    _ store: (Int, FramedSample) throws -> Void
  ) throws {
    try Task.checkCancellation()
    let sample = catalog.samples[index]
    let type = reader.header.timestampType
    do {
      let slices = try SliceIndex(events, slicing: recipe.slicing, timestampType: type)
      note.warnings += slices.warnings
      try store(index, framed(sample, events, slices, type))
    } catch let error as FramingError {
      throw error.inside(sample.name)
    }
  }

  // MARK: Recordings that do not

  /// Reads a long recording several times: for what is known of its samples' events, then for them.
  private func storeLong(
    _ recording: LongRecording,
    _ indices: [Int],
    _ note: inout RecordingNote,
    _ store: (Int, FramedSample) throws -> Void
  ) throws -> any EventReader {
    let windows = indices.map { catalog.samples[$0].window }
    let (reader, facts) = try recording.survey(windows)
    var batch: [Int] = []
    var held = 0
    func storeBatch() throws {
      for (position, events) in zip(batch, try recording.collect(batch.map { windows[$0] })) {
        try storeHeld(indices[position], events, reader, &note, store)
      }
      (batch, held) = ([], 0)
    }
    for position in indices.indices {
      let count = facts[position].count
      if count > heldEvents {
        let isStored = try storeStreamed(
          recording,
          indices[position],
          facts[position],
          reader,
          &note,
          store
        )
        if isStored { continue }
      } else if held + count > heldEvents {
        try storeBatch()
      }
      batch.append(position)
      held += count
    }
    if !batch.isEmpty { try storeBatch() }
    return reader
  }

  /// Makes a sample without holding its events; false if that cannot be done.
  private func storeStreamed(
    _ recording: LongRecording,
    _ index: Int,
    _ facts: LongRecording.Facts,
    _ reader: any EventReader,
    _ note: inout RecordingNote,
    _ store: (Int, FramedSample) throws -> Void
  ) throws -> Bool {
    let sample = catalog.samples[index]
    let type = reader.header.timestampType
    guard let slices = try recording.slices(of: facts, in: sample.window, recipe.slicing, type)
    else { return false }
    do {
      try FrameStack.checkSize(frameCount: slices.count, geometry: recipe.geometry)
      note.warnings += slices.warnings
      let framed = FramedSample(
        name: sample.name,
        label: sample.label,
        slices: try recording.table(slices, in: sample.window),
        timestampType: type,
        events: { try recording.collect([sample.window])[0] },
        forEachPart: { body in
          try recording.integrate(slices, in: sample.window, self.integrator, &self.stack, body)
        }
      )
      try store(index, framed)
    } catch let error as FramingError {
      throw error.inside(sample.name)
    }
    return true
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

  private static func warnings(_ report: ReadReport) -> [String] {
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
