import EventIO
import Foundation
import Framing

/// Measures reading on one core, from files in the page cache; prints medians.
///
/// Usage: `swift run -c release --package-path Benchmarks decode MODE …`, where MODE is
///   make FOLDER [EVENTS]       writes a recording in each format (10 million events)
///   events FILE…               bytes to event columns
///   frames FILE…               bytes to 16 frames, streamed
///   count                      events in memory to 16 frames
///   cache FILE                 samples of a cache in a random order, to UInt8 and to Float
/// The environment's REPEAT is the number of repetitions (15).
@main
struct Decode {
  private static let frames = 16

  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    let mode = arguments.popFirst() ?? ""
    let files = Array(arguments)
    switch mode {
    case "make":
      try RecordingMaker(folder: files.first ?? ".", events: Int(files.dropFirst().first ?? ""))
        .run()
    case "events": for file in files { try measureEvents(file) }
    case "frames": for file in files { try measureFrames(file) }
    case "count": try measureCounting()
    case "cache": for file in files { try CacheMeasurement(file).run() }
    default: print("usage: decode make|events|frames|count|cache …")
    }
  }

  private static func measureEvents(_ path: String) throws {
    var chunk = EventBuffer()
    try Stopwatch("events", path).report("M events/s", scale: 1e-6) {
      var reader = try Recording.open(path, options: options(path))
      while try reader.read(into: &chunk) {}
      return reader.report.events
    }
  }

  private static func measureFrames(_ path: String) throws {
    var stack: FrameStack?
    try Stopwatch("frames", path).report("M events/s", scale: 1e-6) {
      let reader = try Recording.open(path, options: options(path))
      let geometry = reader.header.geometry
      var frames = try stack ?? FrameStack(frameCount: 0, geometry: geometry)
      stack = nil
      let streamed = try FrameIntegrator(geometry: geometry)
        .stream(reader, frames: Self.frames, into: &frames)
      guard let streamed else { throw Failure("\(path) cannot be streamed") }
      stack = frames
      return Int(streamed.slices.events.reduce(0, +))
    }
  }

  private static func measureCounting() throws {
    let events = RecordingMaker(folder: "", events: nil).events(width: 128, height: 128)
    let geometry = SensorGeometry(width: 128, height: 128)
    let integrator = FrameIntegrator(geometry: geometry)
    let slices = SliceIndex.equalCount(frames: frames, eventCount: events.count)
    var stack = try FrameStack(frameCount: frames, geometry: geometry)
    try Stopwatch("count", "\(events.count) events in memory").report("M events/s", scale: 1e-6) {
      try integrator.integrate(events, slices, into: &stack)
      return events.count
    }
  }

  private static func options(_ path: String) -> ReadOptions {
    ReadOptions(camera: path.contains("cifar10") ? .cifar10DVS : nil)
  }
}

/// Something that a measurement needs and does not have.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Runs work repeatedly and prints the median rate.
struct Stopwatch {
  private let what: String
  private let subject: String

  init(_ what: String, _ subject: String) {
    self.what = what
    self.subject = subject
  }

  /// Measures work that says how many units it did.
  func report(_ unit: String, scale: Double, _ work: () throws -> Int) throws {
    let repetitions = ProcessInfo.processInfo.environment["REPEAT"].flatMap { Int($0) } ?? 15
    _ = try work()
    var rates: [Double] = []
    for _ in 0..<repetitions {
      let start = ContinuousClock.now
      let units = try work()
      rates.append(Double(units) * scale / ((ContinuousClock.now - start) / .seconds(1)))
    }
    rates.sort()
    let figures = [rates[rates.count / 2], rates[0], rates[rates.count - 1]].map { Int($0) }
    let name = (subject as NSString).lastPathComponent
    print("\(what) \(name): \(figures[0]) \(unit) (\(figures[1]) to \(figures[2]))")
  }
}
