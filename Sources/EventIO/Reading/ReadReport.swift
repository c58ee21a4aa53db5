/// What a reader has met so far; complete once `read(into:)` has returned false.
public struct ReadReport: Hashable, Sendable {
  /// Events handed out.
  public var events = 0
  /// Events outside the sensor, dropped or kept as ``ReadOptions/strayEvents`` says.
  public var strayEvents = 0
  /// How often a timestamp is smaller than the one before it.
  public var backwardSteps = 0
  /// Events that the recording itself marks as invalid; skipped unless the policy keeps them.
  ///
  /// Under ``AEDAT31Policy/spikingJelly`` unused entries count too, because they become events.
  public var invalidEvents = 0
  /// Unused entries at the end of packets, whose capacity exceeds their number of events.
  public var slackEntries = 0
  /// Packets or records that hold no events: images, inertial samples, triggers.
  public var skippedRecords = 0
  /// What else was odd; one sentence each.
  public var warnings: [String] = []

  /// Creates a report of nothing.
  public init() {}
}
