import EventIO
import Framing
import Testing

@Suite struct SliceIndexTests {
  private func recording(_ times: [Int64]) -> EventBuffer {
    EventBuffer(
      t: times,
      x: times.map { _ in 0 },
      y: times.map { _ in 0 },
      p: times.map { _ in .on }
    )
  }

  private func cut(
    _ times: [Int64],
    _ slicing: Slicing,
    _ type: TimestampType = .int64
  ) throws -> [Range<Int>] {
    try SliceIndex(recording(times), slicing: slicing, timestampType: type).ranges
  }

  // MARK: By number

  @Test func lastSliceTakesTheRemainder() throws {
    #expect(try cut(Array(0..<11), .equalCount(frames: 4)) == [0..<2, 2..<4, 4..<6, 6..<11])
  }

  @Test func fewerEventsThanSlicesAllGoToTheLast() throws {
    #expect(try cut([5, 6], .equalCount(frames: 3)) == [0..<0, 0..<0, 0..<2])
  }

  @Test func noEventsGiveEmptySlices() throws {
    #expect(try cut([], .equalCount(frames: 2)) == [0..<0, 0..<0])
    #expect(try cut([], .equalDuration(frames: 2)) == [0..<0, 0..<0])
    #expect(try cut([], .eventsPerFrame(5)) == [0..<0])
    #expect(try cut([], .microsecondsPerFrame(5, rule: .firstEvent)) == [0..<0])
    #expect(try cut([], .microsecondsPerFrame(5, rule: .grid)) == [0..<0])
  }

  @Test func eventsPerFrameKeepsAShortLastSlice() throws {
    #expect(try cut(Array(0..<7), .eventsPerFrame(3)) == [0..<3, 3..<6, 6..<7])
    #expect(try cut(Array(0..<6), .eventsPerFrame(3)) == [0..<3, 3..<6])
    #expect(try cut(Array(0..<6), .eventsPerFrame(.max)) == [0..<6])
  }

  // MARK: By time

  @Test func intervalsAreHalfOpenAndTheLastReachesTheEnd() throws {
    // (131 - 100) div 3 is a step of 10: [100, 110), [110, 120), and the rest.
    let times: [Int64] = [100, 109, 110, 119, 120, 131]
    #expect(try cut(times, .equalDuration(frames: 3)) == [0..<2, 2..<4, 4..<6])
  }

  @Test func equalTimestampsGiveEmptySlicesAndAWarning() throws {
    let slices = try SliceIndex(recording([7, 7, 7]), slicing: .equalDuration(frames: 2))
    #expect(slices.ranges == [0..<0, 0..<0])
    #expect(
      slices.warnings == [
        "2 of 2 slices hold no event", "3 of 3 events lie in no slice",
      ]
    )
  }

  @Test func gapsInTimeGiveEmptySlices() throws {
    let times: [Int64] = [0, 1, 30, 40]
    #expect(try cut(times, .equalDuration(frames: 4)) == [0..<2, 0..<0, 0..<0, 2..<4])
  }

  @Test func unorderedTimestampsOverlapAndCountTwice() throws {
    let slices = try SliceIndex(recording([0, 12, 5, 20]), slicing: .equalDuration(frames: 2))
    // [0, 10) holds events 0 and 2 with all between; [10, 20) starts at event 1 and ends at the end.
    #expect(slices.ranges == [0..<3, 1..<4])
    #expect(slices.warnings == ["timestamps are not in order: 2 events count more than once"])
  }

  @Test func differencesWrapAroundInTheTimestampsOwnType() throws {
    let times: [Int64] = [4_294_967_290, 4_294_967_295, 4, 14]
    // 14 - 4294967290 is 20 in 32 bits, so the step is 10; the second interval is [4, 14).
    let uint32 = try cut(times, .equalDuration(frames: 2), .uint32)
    #expect(uint32 == [0..<0, 2..<4])
    // In 64 bits time runs backwards and every interval is empty.
    #expect(try cut(times, .equalDuration(frames: 2)) == [0..<0, 0..<0])
    // By duration: 4 - 4294967290 is 10.
    let duration = Slicing.microsecondsPerFrame(10, rule: .firstEvent)
    #expect(try cut(times, duration, .uint32) == [0..<3, 3..<4])
  }

  @Test func extremeTimestampsDoNotTrap() throws {
    let times: [Int64] = [.min, 0, .max]
    for type in [TimestampType.int64, .uint32, TimestampType(bits: 8, isSigned: true)] {
      _ = try cut(times, .equalDuration(frames: 300), type)
      _ = try cut(times, .microsecondsPerFrame(.max, rule: .firstEvent), type)
    }
    #expect(throws: FramingError.self) {
      try cut(times, .microsecondsPerFrame(1, rule: .grid))
    }
    #expect(try cut(times, .microsecondsPerFrame(.max, rule: .grid)) == [0..<1, 1..<2, 2..<3])
  }

  @Test func ascendingAndScannedResultsAgree() throws {
    var times: [Int64] = (0..<500).map { $0 * $0 % 977 }.sorted()
    let ordered = try cut(times, .equalDuration(frames: 7))
    times.append(0)  // behind the last: out of order, but in the last slice anyway
    times.append(times[499])
    let scanned = try cut(times, .equalDuration(frames: 7))
    #expect(scanned[1...5] == ordered[1...5])
    #expect(scanned[0] == 0..<501)
    #expect(scanned[6] == ordered[6].lowerBound..<502)
  }

  // MARK: By duration

  @Test func firstEventRuleIncludesTheEventExactlyOneDurationLater() throws {
    let times: [Int64] = [3, 8, 13, 14, 40, 50]
    let slicing = Slicing.microsecondsPerFrame(10, rule: .firstEvent)
    #expect(try cut(times, slicing) == [0..<3, 3..<4, 4..<6])
  }

  @Test func gridRuleMakesEmptyFramesAndTheLastTakesTheRest() throws {
    let times: [Int64] = [3, 8, 13, 14, 43]
    let slicing = Slicing.microsecondsPerFrame(10, rule: .grid)
    // Offsets 0 5 10 11 40: 40/10 is 4 frames, and offset 40 belongs to the last.
    #expect(try cut(times, slicing) == [0..<2, 2..<4, 4..<4, 4..<5])
    #expect(try cut([9, 9], slicing) == [0..<2])
  }

  @Test func gridRuleRefusesARecordingThatEndsAtItsSmallestTime() {
    let error = #expect(throws: FramingError.self) {
      try cut([30, 20, 10], .microsecondsPerFrame(10, rule: .grid))
    }
    #expect(error?.kind == .unordered)
  }

  @Test func numbersBelowOneAreUsageErrors() {
    let wrong: [Slicing] = [
      .equalCount(frames: 0), .equalDuration(frames: -1), .eventsPerFrame(0),
      .microsecondsPerFrame(0, rule: .firstEvent), .microsecondsPerFrame(-5, rule: .grid),
    ]
    for slicing in wrong {
      let error = #expect(throws: FramingError.self) { try cut([1, 2], slicing) }
      #expect(error?.kind == .usage)
    }
  }
}
