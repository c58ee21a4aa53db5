import EventIO
import Testing
import _TestSupport

/// Packet headers that cannot be right are refused where they stand.
@Suite("AEDAT 3.1 packets")
struct AEDAT3PacketTests {
  /// A packet header, and payload that need not fit it.
  private static func packet(
    type: UInt16 = 1,
    size: UInt32 = 8,
    overflow: UInt32 = 0,
    capacity: UInt32,
    number: UInt32? = nil,
    payload: Int
  ) -> [UInt8] {
    var builder = ByteBuilder()
    builder.little(type)
    builder.little(1 as UInt16)
    for field in [size, 4, overflow, capacity, number ?? capacity, number ?? capacity] {
      builder.little(field)
    }
    for _ in 0..<payload / 8 {
      builder.little(5 << 17 | 6 << 2 | 2 | 1 as UInt32)
      builder.little(9 as UInt32)
    }
    builder.raw([UInt8](repeating: 1, count: payload % 8))
    return builder.bytes
  }

  private static let textBytes = AEDAT3Writer().header().count

  private static func refusal(_ packets: [UInt8]...) -> RecordingError? {
    do throws(RecordingError) {
      let bytes = AEDAT3Writer().header() + packets.joined()
      var reader = try Recording.open(bytes: bytes, name: "p.aedat")
      _ = try reader.readAll()
      return nil
    } catch {
      return error
    }
  }

  @Test func soundPacketsAreRead() {
    #expect(Self.refusal(Self.packet(capacity: 3, payload: 24)) == nil)
    #expect(Self.refusal(Self.packet(type: 9, size: 100, capacity: 1, payload: 100)) == nil)
    #expect(Self.refusal(Self.packet(capacity: 0, payload: 0)) == nil)
  }

  @Test func truncatedPacketReportsItsOffset() {
    let whole = Self.packet(capacity: 3, payload: 24)
    let error = Self.refusal(whole, Self.packet(capacity: 3, payload: 16))
    #expect(error?.kind == .corrupt)
    #expect(error?.byteOffset == Self.textBytes + whole.count)
    #expect(error?.reason.contains("promises 24 bytes, but 16 remain") == true)
  }

  @Test func truncatedPacketHeaderReportsItsOffset() {
    let whole = Self.packet(capacity: 3, payload: 24)
    let error = Self.refusal(whole, Array(whole.prefix(27)))
    #expect(error?.kind == .corrupt)
    #expect(error?.byteOffset == Self.textBytes + whole.count)
  }

  @Test(arguments: [0, 4, 7, 9, 16, .max] as [UInt32])
  func polarityEventsHaveEightBytes(_ size: UInt32) {
    let error = Self.refusal(Self.packet(size: size, capacity: 3, payload: 64))
    #expect(error?.kind == .corrupt)
    #expect(error?.byteOffset == Self.textBytes)
  }

  @Test func hugePacketIsRefusedWithoutBeingAllocated() {
    let error = Self.refusal(Self.packet(type: 2, size: .max, capacity: .max, payload: 64))
    #expect(error?.kind == .corrupt)
  }

  @Test func moreEventsThanEntriesAreRefused() {
    let error = Self.refusal(Self.packet(capacity: 2, number: 3, payload: 24))
    #expect(error?.reason.contains("uses 3 of 2") == true)
  }

  @Test func packetCutByAPipeReportsItsOffset() throws {
    let bytes = AEDAT3Writer().header() + Self.packet(capacity: 3, payload: 20)
    var left = bytes[...]
    let source = ByteSource(name: "pipe") { buffer in
      let part = left.prefix(buffer.count)
      buffer.copyBytes(from: part)
      left = left.dropFirst(part.count)
      return part.count
    }
    var reader = try Recording.open(source)
    let error = #expect(throws: RecordingError.self) { _ = try reader.readAll() }
    #expect(error?.kind == .corrupt)
    #expect(error?.byteOffset == Self.textBytes)
  }
}
