import Framing

/// What a conversion did, for people and for programs.
struct ConversionReport {
  let output: String
  let catalog: RecordingCatalog
  let result: FramingReport
  let seconds: Double

  /// Prints the result, and on standard error what was odd or failed.
  func show(_ common: OutputOptions) throws {
    let diagnostics = common.diagnostics
    for failure in result.failures { Diagnostics.error("\(failure.error)") }
    for warning in result.warnings.prefix(10) {
      let others = warning.recordings > 1 ? " and \(warning.recordings - 1) more" : ""
      diagnostics.warning("\(warning.message) (\(warning.first)\(others))")
    }
    if result.warnings.count > 10 {
      diagnostics.warning("\(result.warnings.count - 10) other kinds of warnings")
    }
    if result.keptSamples > 0 {
      diagnostics.note(
        result.keptSamples == result.samples && result.failures.isEmpty
          ? "everything was there already"
          : "\(Quantity.of(result.keptSamples, "sample")) of an earlier run kept"
      )
    }
    if common.json { return try JSONOutput.print(summary) }
    if !common.quiet { print(text) }
  }

  private var text: String {
    let splits = result.splits.sorted { $0.key < $1.key }.map { name, parts in
      let counts = ["train", "val", "test"].compactMap { part in parts[part].map { "\($0) \(part)" }
      }
      return "\(name): \(counts.joined(separator: ", "))"
    }
    let split = splits.isEmpty ? "" : " (\(splits.joined(separator: "; ")))"
    // A conversion that found everything done has read no event.
    let events = result.events > 0 ? "\(Quantity.of(result.events, "event")), " : ""
    return "\(output): \(Quantity.of(result.samples, "sample"))\(split) of "
      + "\(Quantity.of(catalog.classNames.count, "class")), "
      + "\(Quantity.of(result.frames, "frame")) as \(result.type), "
      + "\(events)\(Quantity.bytes(result.byteCount)) "
      + "in \(Quantity.seconds(seconds))"
  }

  private var summary: Summary {
    Summary(
      output: output,
      dataset: catalog.kind.rawValue,
      samples: result.samples,
      keptSamples: result.keptSamples,
      classes: catalog.classNames,
      frames: result.frames,
      events: result.events,
      droppedEvents: result.droppedEvents,
      countType: "\(result.type)",
      bytes: result.byteCount,
      seconds: seconds,
      splits: result.splits,
      warnings: result.warnings.map {
        Warning(message: $0.message, recordings: $0.recordings, first: $0.first)
      },
      failures: result.failures.map { Failure(path: $0.path, error: "\($0.error)") },
      ignored: catalog.ignored
    )
  }

  private struct Summary: Encodable {
    let output: String
    let dataset: String
    let samples: Int
    let keptSamples: Int
    let classes: [String]
    let frames: Int
    let events: Int
    let droppedEvents: Int
    let countType: String
    let bytes: Int
    let seconds: Double
    let splits: [String: [String: Int]]
    let warnings: [Warning]
    let failures: [Failure]
    let ignored: [String]
  }

  private struct Warning: Encodable {
    let message: String
    let recordings: Int
    let first: String
  }

  private struct Failure: Encodable {
    let path: String
    let error: String
  }
}
