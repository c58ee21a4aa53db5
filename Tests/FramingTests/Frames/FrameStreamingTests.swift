import EventIO
import Foundation
import Framing
import Testing
import _TestSupport

/// Streaming gives what reading, cutting and counting give, or nothing.
@Suite struct FrameStreamingTests {
  private static let folder = SharedData.packageRoot.appendingPathComponent("fixtures/recordings")

  @Test(arguments: [
    "aedat3/sample.aedat", "aedat2/sample.aedat", "aedat2-cifar10-dvs/sample.aedat",
    "atis/sample.bin",
  ])
  func ordinaryRecordingsGiveEqualFrames(_ name: String) throws {
    let bytes = try [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(name)))
    for frames in [1, 3, 16, 500] {
      for chunkBytes in [1, 37, 1 << 18] {
        let options = ReadOptions(
          camera: name.contains("cifar") ? .cifar10DVS : nil,
          aedat31: .spikingJelly,
          chunkBytes: chunkBytes
        )
        try compare(bytes, name, frames, options, mustStream: true)
      }
    }
  }

  @Test func everyTruncationAndFlippedByteStreamsAlikeOrNotAtAll() throws {
    for name in ["aedat3/sample.aedat", "aedat2/sample.aedat", "atis/sample.bin"] {
      let bytes = try [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(name)))
      var generator = SplitMix64(seed: 9)
      for _ in 0..<300 {
        var damaged = Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &generator)))
        let place = Int.random(in: damaged.indices, using: &generator)
        damaged[place] = .random(in: 0...255, using: &generator)
        for policy in AEDAT31Policy.allCases {
          let options = ReadOptions(aedat31: policy, chunkBytes: 64)
          try compare(damaged, name, 4, options, mustStream: false)
        }
      }
    }
  }

  private func compare(
    _ bytes: [UInt8],
    _ name: String,
    _ frames: Int,
    _ options: ReadOptions,
    mustStream: Bool
  ) throws {
    guard let reader = try? Recording.open(bytes: bytes, name: name, options: options) else {
      return
    }
    let integrator = FrameIntegrator(geometry: reader.header.geometry)
    var stack = try FrameStack(frameCount: 0, geometry: reader.header.geometry)
    guard let streamed = try integrator.stream(reader, frames: frames, into: &stack) else {
      #expect(!mustStream, "\(name) was not streamed")
      return
    }
    // What streams must also read; `try` fails the test if it does not.
    var ordinary = try Recording.open(bytes: bytes, name: name, options: options)
    let events = try ordinary.readAll()
    let slices = SliceIndex.equalCount(frames: frames, eventCount: events.count)
    #expect(try integrator.integrate(events, slices) == stack)
    #expect(streamed.slices == SliceTable(events, slices))
    #expect(streamed.report == ordinary.report)
  }
}
