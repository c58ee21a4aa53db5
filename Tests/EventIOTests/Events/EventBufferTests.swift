import EventIO
import Testing

@Suite("EventBuffer")
struct EventBufferTests {
  private static let three = EventBuffer(
    t: [1, 2, 3],
    x: [4, 5, 6],
    y: [7, 8, 9],
    p: [.on, .off, .on]
  )

  @Test func polarityIsItsRawValueInMemory() {
    #expect(MemoryLayout<Polarity>.size == 1)
    #expect(unsafeBitCast(Polarity.off, to: UInt8.self) == 0)
    #expect(unsafeBitCast(Polarity.on, to: UInt8.self) == 1)
  }

  @Test func sinkReusesTheMemoryOfItsBuffer() {
    var buffer = EventBuffer(
      t: [Int64](repeating: 7, count: 1000),
      x: [UInt16](repeating: 7, count: 1000),
      y: [UInt16](repeating: 7, count: 1000),
      p: [Polarity](repeating: .on, count: 1000)
    )
    let before = buffer.t.withUnsafeBufferPointer { $0.baseAddress }
    var sink = EventSink(reusing: &buffer)
    #expect(buffer.isEmpty)
    for value in 0..<10 as Range<Int64> {
      sink.appendUnchecked(100) { columns in
        for index in 0..<50 {
          columns.store(at: index, t: value * 50 + Int64(index), x: 1, y: 2, p: 0)
        }
        return 50
      }
    }
    sink.finish(into: &buffer)
    #expect(buffer.t == Array(0..<500))
    #expect(buffer.x == [UInt16](repeating: 1, count: 500))
    #expect(buffer.p == [Polarity](repeating: .off, count: 500))
    #expect(buffer.t.withUnsafeBufferPointer { $0.baseAddress } == before)
  }

  @Test func sinkLeavesCopiesOfItsBufferAlone() {
    var buffer = Self.three
    let copy = buffer
    var sink = EventSink(reusing: &buffer)
    sink.appendUnchecked(2) { columns in
      columns.store(at: 0, t: 0, x: 0, y: 0, p: 0)
      columns.store(at: 1, t: 0, x: 0, y: 0, p: 0)
      return 2
    }
    sink.finish(into: &buffer)
    #expect(copy == Self.three)
    #expect(buffer.count == 2)
  }

  @Test func appendingARangeKeepsOrder() {
    var buffer = Self.three
    buffer.append(contentsOf: Self.three, in: 1..<3)
    buffer.append(t: 9, x: 1, y: 2, p: .off)
    #expect(buffer.t == [1, 2, 3, 2, 3, 9])
    #expect(buffer.p == [.on, .off, .on, .off, .on, .off])
    #expect(
      buffer[1..<4]
        == EventBuffer(t: [2, 3, 2], x: [5, 6, 5], y: [8, 9, 8], p: [.off, .on, .off])
    )
    #expect(buffer.backwardSteps == 1)
  }

  @Test(arguments: ["34x34", "346X260", "65536x1"])
  func geometryIsParsed(_ text: String) throws {
    let geometry = try #require(SensorGeometry(text))
    #expect(geometry.description == text.lowercased())
  }

  @Test(arguments: ["", "34", "34x", "x34", "0x5", "34x34x34", "65537x1", "-1x3", "3.0x4"])
  func nonsenseIsNoGeometry(_ text: String) {
    #expect(SensorGeometry(text) == nil)
  }
}
