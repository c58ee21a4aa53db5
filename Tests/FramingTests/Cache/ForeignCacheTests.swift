import Foundation
import Framing
import Testing
import _TestSupport

/// Caches that h5py wrote, from `fixtures/caches`; `make.py` there says what they hold.
@Suite struct ForeignCacheTests {
  private static func path(_ name: String) -> String {
    SharedData.packageRoot.appendingPathComponent("fixtures/caches/\(name)").path
  }

  private static func count(_ sample: Int, _ position: Int) -> Int32 {
    let (t, p, y, x) = (position / 48, position / 24 % 2, position / 6 % 4, position % 6)
    return Int32((7 * sample + 5 * t + 3 * p + 2 * y + x) % 11)
  }

  @Test(arguments: ["plain.h5", "packed.h5"])
  func everyValueIsRead(_ name: String) throws {
    let cache = try FrameCache.open(Self.path(name))
    #expect(cache.type == (name == "plain.h5" ? .uint8 : .int16))
    #expect(cache.names == ["left/a", "größer/b", "left/c"])
    #expect(cache.classNames == ["left", "größer"] && cache.labels == [0, 1, 0])
    #expect(cache.splits == ["official": ["train": [0, 2], "test": [1]]])
    #expect(cache.description.dataset == "folder")
    for sample in 0..<3 {
      var expected = (0..<96).map { Self.count(sample, $0) }
      if name == "packed.h5" && sample == 1 { expected[95] = 300 }
      #expect(try cache.frames(at: sample).counts == expected)
      var scratch = FrameCache.Scratch()
      var floats: [Float] = []
      try cache.read(at: sample, into: &floats, scratch: &scratch)
      #expect(floats == expected.map { Float($0) })
      var narrow: [Int16] = []
      try cache.read(at: sample, into: &narrow, scratch: &scratch)
      #expect(narrow == expected.map { Int16($0) })
      let slices = try cache.slices(at: sample)
      #expect(slices.events == [0, 48].map { Int64(expected[$0..<$0 + 48].reduce(0, +)) })
      #expect(slices.start == [5, 5] && slices.end == [-1, -1])
    }
  }

  @Test func countsOfOneByteAreReadAsTheyAre() throws {
    let cache = try FrameCache.open(Self.path("plain.h5"))
    var scratch = FrameCache.Scratch()
    var counts: [UInt8] = []
    try cache.read(at: 2, into: &counts, scratch: &scratch)
    #expect(counts == (0..<96).map { UInt8(Self.count(2, $0)) })
  }
}
