import EventIO

extension FramingRecipe {
  /// Makes the frames of one recording, or of a part of it.
  ///
  /// - Parameters:
  ///   - window: The times of the events that count, in microseconds.
  /// - Returns: The frames, and what is doubtful about them.
  /// - Throws: `RecordingError`, or ``FramingError``; both with the path.
  package func frames(
    of source: RecordingSource,
    within window: Range<Int64> = .min..<(.max)
  ) throws -> (frames: FrameStack, warnings: [String]) {
    try checkSensor(of: source)
    let content = try RecordingContent(source)
    var reader = try RecipeReader.open(content, self, isGeometryForced: false)
    var events = try reader.readAll()
    if window != .min..<(.max) { events = events.within(window) }
    guard events.count > 0 else {
      throw FramingError(.corrupt, "has no events that could be framed", path: source.name)
    }
    do throws(FramingError) {
      let index = try SliceIndex(
        events,
        slicing: slicing,
        timestampType: reader.header.timestampType
      )
      let integrator = FrameIntegrator(geometry: geometry, strayEvents: strayEvents)
      let warnings = reader.header.warnings + reader.report.warnings + index.warnings
      return (try integrator.integrate(events, index), warnings)
    } catch {
      throw error.at(source.name)
    }
  }

  /// Refuses a recording of another sensor than the one that frames are of.
  private func checkSensor(of source: RecordingSource) throws {
    let header = try Recording.open(source.open(), options: RecipeReader.options(self)).header
    guard header.geometry != geometry, header.geometrySource != .formatDefault else { return }
    throw FramingError(
      .corrupt,
      "its sensor is \(header.geometry), and the frames are of \(geometry)",
      path: source.name
    )
  }
}

extension EventBuffer {
  /// The events at some times, in their order.
  fileprivate func within(_ window: Range<Int64>) -> EventBuffer {
    var part = EventBuffer()
    for index in 0..<count where window.contains(t[index]) {
      part.append(t: t[index], x: x[index], y: y[index], p: p[index])
    }
    return part
  }
}
