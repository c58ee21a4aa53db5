/// How a recording is cut into slices, each of which becomes one frame.
public enum Slicing: Hashable, Codable, Sendable {
  /// ⌊N/T⌋ events in each of T frames; the last one also takes the remainder.
  case equalCount(frames: Int)
  /// ⌊(t_last − t_first)/T⌋ microseconds in each of T frames; the last one ends at the last event.
  case equalDuration(frames: Int)
  /// As many frames as this number of events fills; the last one may hold fewer.
  case eventsPerFrame(Int)
  /// As many frames as the recording lasts, each of a fixed number of microseconds.
  case microsecondsPerFrame(Int64, rule: DurationRule)

  /// The number of frames, where it does not depend on the recording.
  public var frameCount: Int? {
    switch self {
    case .equalCount(let frames), .equalDuration(let frames): frames
    case .eventsPerFrame, .microsecondsPerFrame: nil
    }
  }

  /// Checks that the numbers are at least one.
  ///
  /// - Throws: ``FramingError`` of kind `usage`.
  public func validate() throws(FramingError) {
    let (what, number): (String, Int64) =
      switch self {
      case .equalCount(let frames), .equalDuration(let frames): ("frames", Int64(frames))
      case .eventsPerFrame(let events): ("events per frame", Int64(events))
      case .microsecondsPerFrame(let duration, _): ("microseconds per frame", duration)
      }
    guard number >= 1 else {
      throw FramingError(.usage, "the number of \(what) is \(number); it must be at least 1")
    }
  }
}

/// Where frames of a fixed duration begin.
public enum DurationRule: String, Hashable, Codable, Sendable, CaseIterable {
  /// At the first event not yet taken; an event exactly one duration later still belongs to it.
  ///
  /// Gaps make no frames. The rule of SpikingJelly 0.0.0.0.14.
  case firstEvent = "first-event"
  /// At multiples of the duration after the earliest event; the last frame takes the rest.
  ///
  /// Gaps make empty frames. The rule of SpikingJelly 2.0.0.
  case grid
}

extension Slicing: CustomStringConvertible {
  /// The way of cutting in words.
  public var description: String {
    switch self {
    case .equalCount(let frames): "\(frames) frames with equal numbers of events"
    case .equalDuration(let frames): "\(frames) frames of equal duration"
    case .eventsPerFrame(let events): "frames of \(events) events"
    case .microsecondsPerFrame(let duration, let rule):
      "frames of \(duration) µs (\(rule.rawValue) rule)"
    }
  }
}
