import EventIO
import Foundation
import Framing

/// One recording's events to an `.npz` file as SpikingJelly's `events_np` has them.
struct EventExport {
  let input: [String]
  let output: String
  let reading: ReadingOptions
  let overwrites: Bool

  /// What is printed.
  private struct Summary: Encodable {
    let output: String
    let events: Int
  }

  /// Reads the recording and writes the file.
  func run(strayEvents: StrayEventRule, _ common: OutputOptions) throws {
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
    let events = try reader.readAll()
    for warning in reader.report.warnings { common.diagnostics.warning("\(input[0]): \(warning)") }
    try NPZWriter.write(events, to: output)
    if common.json {
      try JSONOutput.print(Summary(output: output, events: events.count))
    } else if !common.quiet {
      print("\(output): \(Quantity.of(events.count, "event"))")
    }
  }
}
