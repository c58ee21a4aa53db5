import EventIO
import Foundation

/// Writes recordings of events that drift over the sensor, the same ones every time.
struct RecordingMaker {
  private let folder: String
  private let count: Int

  init(folder: String, events: Int?) {
    self.folder = folder
    count = events ?? 10_000_000
  }

  func run() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let large = events(width: 128, height: 128)
    try AEDAT3Writer().write(large, to: folder + "/big31.aedat")
    try AEDAT2Writer(layout: .cifar10DVS).write(large, to: folder + "/cifar10_big.aedat")
    try ATISWriter().write(events(width: 34, height: 34, clockBits: 23), to: folder + "/big.bin")
  }

  /// Events around a spot that moves, with noise; times rise within the bits of the clock.
  func events(width: Int, height: Int, clockBits: Int = 31) -> EventBuffer {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    var events = EventBuffer()
    events.reserve(count)
    let limit = (1 << clockBits) - 1
    for index in 0..<count {
      let word = next()
      let isNoise = word & 7 == 0
      let spot = index / 20_000
      let x = isNoise ? Int(word >> 8 & 0xFFFF) : spot + Int(word >> 8 & 31) - Int(word >> 16 & 15)
      let y = isNoise ? Int(word >> 24 & 0xFFFF) : spot / 3 + Int(word >> 32 & 31)
      events.append(
        t: Int64(index) * Int64(limit) / Int64(max(count, 10_000_000)),
        x: UInt16((x + width) % width),
        y: UInt16((y + height) % height),
        p: word >> 63 == 0 ? .off : .on
      )
    }
    return events
  }
}
