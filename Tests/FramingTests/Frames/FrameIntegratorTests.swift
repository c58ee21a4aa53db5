import EventIO
import Framing
import Testing
import _TestSupport

@Suite struct FrameIntegratorTests {
  private let geometry = SensorGeometry(width: 5, height: 3)

  private func recording(_ count: Int, on geometry: SensorGeometry) -> EventBuffer {
    var generator = SplitMix64(seed: 7)
    var events = EventBuffer()
    for index in 0..<count {
      events.append(
        t: Int64(index),
        x: .random(in: 0..<UInt16(geometry.width), using: &generator),
        y: .random(in: 0..<UInt16(geometry.height), using: &generator),
        p: Bool.random(using: &generator) ? .on : .off
      )
    }
    return events
  }

  /// The plain version: one event at a time, every access checked.
  private func count(_ events: EventBuffer, _ slices: SliceIndex) -> [Int32] {
    let (width, height) = (geometry.width, geometry.height)
    var counts = [Int32](repeating: 0, count: slices.count * 2 * width * height)
    for (frame, range) in slices.ranges.enumerated() {
      for index in range {
        let channel = events.p[index] == .on ? 1 : 0
        let (x, y) = (Int(events.x[index]), Int(events.y[index]))
        counts[((frame * 2 + channel) * height + y) * width + x] += 1
      }
    }
    return counts
  }

  @Test func offIsChannelZeroAndRowsRunFromTheTop() throws {
    let events = EventBuffer(
      t: [0, 1, 2, 3],
      x: [1, 1, 4, 1],
      y: [0, 0, 2, 0],
      p: [.off, .off, .on, .on]
    )
    let slices = SliceIndex.equalCount(frames: 1, eventCount: 4)
    let stack = try FrameIntegrator(geometry: geometry).integrate(events, slices)
    var expected = [Int32](repeating: 0, count: 30)
    expected[1] = 2
    expected[15 + 1] = 1
    expected[15 + 2 * 5 + 4] = 1
    #expect(stack.counts == expected)
    #expect(stack.maximum == 2)
  }

  @Test(arguments: [0, 1, 2047, 2048, 2049, 10_000])
  func equalsThePlainVersion(_ eventCount: Int) throws {
    let events = recording(eventCount, on: geometry)
    let slices = SliceIndex.equalCount(frames: 3, eventCount: eventCount)
    let stack = try FrameIntegrator(geometry: geometry).integrate(events, slices)
    #expect(stack.counts == count(events, slices))
  }

  @Test func overlappingSlicesCountEventsTwice() throws {
    let events = recording(100, on: geometry)
    let slices = SliceIndex(ranges: [0..<60, 40..<100, 50..<50], eventCount: 100)
    let stack = try FrameIntegrator(geometry: geometry).integrate(events, slices)
    #expect(stack.counts == count(events, slices))
    #expect(stack.counts.reduce(0, +) == 120)
  }

  @Test func reusedStacksStartFromZero() throws {
    let integrator = FrameIntegrator(geometry: geometry)
    var stack = try FrameStack(frameCount: 0, geometry: geometry)
    for (events, frames) in [(500, 4), (100, 2), (300, 6)] {
      let buffer = recording(events, on: geometry)
      let slices = SliceIndex.equalCount(frames: frames, eventCount: events)
      try integrator.integrate(buffer, slices, into: &stack)
      #expect(stack.counts == count(buffer, slices))
      #expect(stack.frameCount == frames)
    }
  }

  @Test func strayEventsAreErrorsThatNameTheEvent() throws {
    for (x, y, index) in [(5, 0, 0), (0, 3, 2500), (65535, 65535, 4999)] as [(UInt16, UInt16, Int)]
    {
      var events = recording(index, on: geometry)
      events.append(t: 9, x: x, y: y, p: .on)
      events.append(contentsOf: recording(5000 - index, on: geometry))
      let slices = SliceIndex.equalCount(frames: 1, eventCount: events.count)
      let error = #expect(throws: FramingError.self) {
        try FrameIntegrator(geometry: geometry).integrate(events, slices)
      }
      #expect(error?.kind == .strayEvent)
      #expect(error?.place == "event \(index)")
      #expect(error?.reason.contains("x = \(x), y = \(y)") == true)
    }
  }

  @Test func strayEventsAreDroppedAndCountedOnRequest() throws {
    var events = recording(3000, on: geometry)
    let clean = events
    events.append(t: 9, x: 5, y: 0, p: .on)
    events.append(t: 9, x: 0, y: 3, p: .off)
    let integrator = FrameIntegrator(geometry: geometry, strayEvents: .drop)
    var stack = try FrameStack(frameCount: 0, geometry: geometry)
    let slices = SliceIndex.equalCount(frames: 1, eventCount: 3002)
    let dropped = try integrator.integrate(events, slices, into: &stack)
    #expect(dropped == 2)
    #expect(stack.counts == count(clean, .equalCount(frames: 1, eventCount: 3000)))
  }

  @Test func stacksBeyondTheLimitAreRefused() {
    let error = #expect(throws: FramingError.self) {
      try FrameStack(frameCount: 1 << 20, geometry: SensorGeometry(width: 1280, height: 720))
    }
    #expect(error?.kind == .tooLarge)
  }
}
