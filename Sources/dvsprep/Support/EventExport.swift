import EventIO
import Foundation
import Framing

/// One recording's events to an `.npz` file as SpikingJelly's `events_np` has them.
struct EventExport: Sendable {
  let input: [String]
  let output: String
  let reading: ReadingOptions
  let overwrites: Bool

  /// What is printed.
  private struct Summary: Encodable {
    let output: String
    let events: Int
  }

  /// Reads the recording and writes the file; a signal ends that soon, and leaves nothing.
  func run(
    strayEvents: StrayEventRule,
    stop: StopSignal,
    _ common: OutputOptions
  ) async throws {
    stop.discard(output + ".partial")
    try await stop.cancelling { try convert(strayEvents, common) }
  }

  private func convert(_ strayEvents: StrayEventRule, _ common: OutputOptions) throws {
    guard input.count == 1 else {
      throw CommandFailure(.usage, "an .npz output takes one recording; \(input.count) were given")
    }
    guard overwrites || !FileManager.default.fileExists(atPath: output) else {
      throw CommandFailure(.usage, "\(output): exists already; pass --overwrite to replace it")
    }
    let options = ReadOptions(
      geometry: reading.geometry,
      camera: reading.layout,
      aedat31: reading.aedat31,
      strayEvents: strayEvents == .drop ? .drop : .reject
    )
    var reader = try Recording.open(input[0], options: options)
    let events = try Self.readAll(&reader)
    for warning in reader.report.warnings { common.diagnostics.warning("\(input[0]): \(warning)") }
    try NPZWriter.write(events, to: output, check: Self.checkCancellation)
    if common.json {
      try JSONOutput.print(Summary(output: output, events: events.count))
    } else if !common.quiet {
      print("\(output): \(Quantity.of(events.count, "event"))")
    }
  }

  private static func readAll(_ reader: inout any EventReader) throws -> EventBuffer {
    var (all, chunk) = (EventBuffer(), EventBuffer())
    while try reader.read(into: &chunk) {
      try checkCancellation()
      all.reserve(chunk.count)
      all.append(contentsOf: chunk)
    }
    return all
  }

  private static func checkCancellation() throws(RecordingError) {
    if Task.isCancelled { throw RecordingError(.cancelled, "the conversion was stopped") }
  }
}
