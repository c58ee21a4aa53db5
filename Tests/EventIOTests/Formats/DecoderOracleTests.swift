import EventIO
import Testing
import _TestSupport

/// The kernels give what plain loops over single events give, for every length around their blocks.
@Suite("Decoders against plain loops")
struct DecoderOracleTests {
  private struct Event: Equatable {
    var t: Int64
    var x: UInt16
    var y: UInt16
    var p: UInt8
  }

  private static let everywhere = ReadOptions(
    geometry: SensorGeometry(width: 65536, height: 65536),
    strayEvents: .keep
  )

  private static func decode(
    _ bytes: [UInt8],
    _ format: String,
    _ options: ReadOptions = everywhere
  ) throws -> [Event] {
    var options = options
    options.format = format
    var reader = try Recording.open(bytes: bytes, name: format, options: options)
    let events = try reader.readAll()
    return (0..<events.count).map {
      Event(t: events.t[$0], x: events.x[$0], y: events.y[$0], p: events.p[$0].rawValue)
    }
  }

  private static let lengths = Array(0...70) + [1000, 4097]

  @Test(arguments: AddressLayout.all)
  func aedat2(_ layout: AddressLayout) throws {
    var random = SplitMix64(seed: 4)
    for count in Self.lengths where count > 0 {
      var builder = ByteBuilder()
      builder.text("#!AER-DAT2.0\r\n")
      var expected: [Event] = []
      for _ in 0..<count {
        let address = UInt32(truncatingIfNeeded: random.next())
        let time = UInt32(truncatingIfNeeded: random.next())
        builder.big(address)
        builder.big(time)
        guard address & layout.typeMask == layout.typeValue else { continue }
        expected.append(Self.event(address, time, layout))
      }
      var options = Self.everywhere
      options.camera = layout
      #expect(try Self.decode(builder.bytes, "aedat2", options) == expected)
    }
  }

  private static func event(_ address: UInt32, _ time: UInt32, _ layout: AddressLayout) -> Event {
    func coordinate(_ field: AddressLayout.Field, _ size: Int) -> UInt16 {
      var value = 0
      for bit in 0..<field.bits { value |= Int(address >> UInt32(field.shift + bit) & 1) << bit }
      return UInt16(truncatingIfNeeded: field.isMirrored ? size - 1 - value : value)
    }
    let isOn = address >> UInt32(layout.polarityBit) & 1 == layout.onValue
    return Event(
      t: Int64(time),
      x: coordinate(layout.x, layout.geometry.width),
      y: coordinate(layout.y, layout.geometry.height),
      p: isOn ? 1 : 0
    )
  }

  @Test(arguments: AEDAT31Policy.allCases)
  func aedat3(_ policy: AEDAT31Policy) throws {
    var random = SplitMix64(seed: 5)
    for count in Self.lengths {
      var builder = ByteBuilder()
      builder.raw(AEDAT3Writer().header())
      var expected: [Event] = []
      for overflow: UInt32 in [0, 1, 0xFFFF_FFFF] {
        for number: UInt16 in [1, 1] { builder.little(number) }
        for number in [8, 4, overflow, UInt32(count), UInt32(count), UInt32(count)] {
          builder.little(number)
        }
        for _ in 0..<count {
          let data = UInt32(truncatingIfNeeded: random.next())
          let time = UInt32(truncatingIfNeeded: random.next())
          builder.little(data)
          builder.little(time)
          guard data & 1 == 1 || policy == .spikingJelly else { continue }
          expected.append(
            Event(
              t: Int64(time) | Int64(overflow) << 31,
              x: UInt16(data >> 17),
              y: UInt16(data >> 2 & 0x7FFF),
              p: UInt8(data >> 1 & 1)
            )
          )
        }
      }
      var options = Self.everywhere
      options.aedat31 = policy
      #expect(try Self.decode(builder.bytes, "aedat3", options) == expected)
    }
  }

  @Test func atis() throws {
    var random = SplitMix64(seed: 6)
    for count in Self.lengths where count > 0 {
      let bytes = random.bytes(5 * count)
      let expected = (0..<count).map { index in
        let record = bytes[(5 * index)...].prefix(5).map { Int64($0) }
        return Event(
          t: (record[2] & 127) << 16 | record[3] << 8 | record[4],
          x: UInt16(record[0]),
          y: UInt16(record[1]),
          p: UInt8(record[2] >> 7)
        )
      }
      #expect(try Self.decode(bytes, "atis") == expected)
    }
  }

  @Test func summaryEqualsPlainCounting() throws {
    var random = SplitMix64(seed: 7)
    for count in Self.lengths where count > 0 {
      let t = (0..<count).map { _ in Int64.random(in: 0..<1 << 23, using: &random) }
      let x = (0..<count).map { _ in UInt16.random(in: 0..<256, using: &random) }
      let y = (0..<count).map { _ in UInt16.random(in: 0..<256, using: &random) }
      let events = EventBuffer(t: t, x: x, y: y, p: t.map { _ in .on })
      let geometry = SensorGeometry(width: 200, height: 250)
      var reader = try Recording.open(
        bytes: ATISWriter().recording(of: events),
        name: "a.bin",
        options: ReadOptions(geometry: geometry, strayEvents: .keep, format: "atis")
      )
      #expect(try reader.readAll() == events)
      let strays = zip(x, y).count { $0 >= 200 || $1 >= 250 }
      #expect(reader.report.strayEvents == strays)
      #expect(reader.report.backwardSteps == zip(t, t.dropFirst()).count { $1 < $0 })
    }
  }
}
