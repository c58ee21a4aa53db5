import EventIO
import Foundation

/// Reads recordings repeatedly and prints the best rate of each, in millions of events a second.
///
/// Usage: `swift run -c release --package-path Benchmarks decode [--camera NAME]
/// [--geometry WxH] [--chunk BYTES] [--repeat N] FILE…`
@main
struct Decode {
  static func main() throws {
    var options = ReadOptions()
    var repetitions = 10
    var paths: [String] = []
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--camera": options.camera = arguments.popFirst().flatMap(AddressLayout.named)
      case "--geometry": options.geometry = arguments.popFirst().flatMap { SensorGeometry($0) }
      case "--chunk": options.chunkBytes = arguments.popFirst().flatMap { Int($0) } ?? 1
      case "--repeat": repetitions = arguments.popFirst().flatMap { Int($0) } ?? 1
      default: paths.append(argument)
      }
    }
    for path in paths { try measure(path, options, repetitions) }
  }

  private static func measure(_ path: String, _ options: ReadOptions, _ repetitions: Int) throws {
    var best = Duration.seconds(1_000_000)
    var events = 0
    for _ in 0..<repetitions {
      let start = ContinuousClock.now
      events = try count(path, options)
      best = min(best, ContinuousClock.now - start)
    }
    let seconds = best / .seconds(1)
    let rate = Double(events) / seconds / 1e6
    print("\(path): \(events) events, \(seconds * 1000) ms, \(Int(rate)) M events/s")
  }

  private static func count(_ path: String, _ options: ReadOptions) throws -> Int {
    var reader = try Recording.open(path, options: options)
    var chunk = EventBuffer()
    while try reader.read(into: &chunk) {}
    return reader.report.events
  }
}
