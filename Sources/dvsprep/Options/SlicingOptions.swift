import ArgumentParser
import Framing

/// How recordings are cut.
struct SlicingOptions: ParsableArguments {
  /// The number of frames when nothing else is asked for.
  static let defaultFrames = 16
  /// More frames than this are a slip of the keyboard.
  static let frameLimit = 65_536

  @Option(
    name: [.customShort("T"), .customLong("frames-number")],
    help: "A fixed number of frames (default: \(defaultFrames))."
  )
  var frames: Int?

  @Option(
    name: .customLong("split-by"),
    help:
      "A fixed number of frames has equal numbers of events, or equal durations (default: number)."
  )
  var splitBy: SplitBy?

  @Option(
    help: ArgumentHelp(
      "Frames of a fixed duration; their number varies.",
      valueName: "microseconds"
    )
  )
  var duration: Int64?

  @Option(
    name: .customLong("duration-rule"),
    help: """
      Where frames of a fixed duration begin: at the first event not yet taken (SpikingJelly \
      0.0.0.0.14), or on a grid with empty frames in gaps (2.0.0) (default: first-event).
      """
  )
  var durationRule: DurationRule?

  @Option(
    name: .customLong("events-per-frame"),
    help: ArgumentHelp(
      "Frames of a fixed number of events; the last one may have fewer.",
      valueName: "n"
    )
  )
  var eventsPerFrame: Int?

  func validate() throws {
    let ways = [
      frames == nil && splitBy == nil ? nil : "-T/--split-by",
      duration == nil ? nil : "--duration",
      eventsPerFrame == nil ? nil : "--events-per-frame",
    ].compactMap { $0 }
    guard ways.count <= 1 else {
      throw ValidationError("\(ways.joined(separator: " and ")) exclude each other; pass one")
    }
    guard duration != nil || durationRule == nil else {
      throw ValidationError("--duration-rule needs --duration")
    }
    guard (frames ?? 1) <= Self.frameLimit else {
      throw ValidationError("-T is at most \(Self.frameLimit)")
    }
    do { try slicing.validate() } catch { throw ValidationError(error.reason) }
  }

  /// Whether anything about the cut was asked for.
  var isGiven: Bool {
    frames != nil || splitBy != nil || duration != nil || eventsPerFrame != nil
  }

  /// The way of cutting.
  var slicing: Slicing {
    if let duration { return .microsecondsPerFrame(duration, rule: durationRule ?? .firstEvent) }
    if let eventsPerFrame { return .eventsPerFrame(eventsPerFrame) }
    let frames = frames ?? Self.defaultFrames
    return splitBy == .time ? .equalDuration(frames: frames) : .equalCount(frames: frames)
  }
}
