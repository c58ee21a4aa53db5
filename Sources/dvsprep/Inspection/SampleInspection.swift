import EventIO
import Framing
import SpikeNet

/// What is in one sample of a cache.
struct SampleInspection: SliceInspection {
  private let cache: FrameCache
  private let index: Int
  private let stack: FrameStack
  let slices: [SliceRow]

  init(_ cache: FrameCache, _ index: Int) throws {
    self.cache = cache
    self.index = index
    let stack = try cache.frames(at: index)
    self.stack = stack
    slices = SliceRow.all(stack, try cache.slices(at: index))
  }

  let warnings: [String] = []
  var isUpsideDown: Bool { cache.description.rowsCountFromBottom }

  private var label: String { cache.classNames[cache.labels[index]] }
  private var total: Int { slices.reduce(0) { $0 + $1.count } }

  var facts: [(name: String, value: String)] {
    [
      ("cache", cache.path),
      ("sample", "\(index): \(cache.names[index])"),
      ("class", "\(cache.labels[index]): \(label)"),
      ("sensor", "\(cache.geometry)"),
      ("events", "\(total)"),
      ("largest count", "\(stack.maximum)"),
    ]
  }

  var json: ConfigurationValue {
    .section([
      .init("sample", .integer(index)),
      .init("name", .text(cache.names[index])),
      .init("label", .integer(cache.labels[index])),
      .init("class", .text(label)),
      .init("width", .integer(cache.geometry.width)),
      .init("height", .integer(cache.geometry.height)),
      .init("events", .integer(total)),
      .init("slices", jsonSlices),
    ])
  }

  func frames() -> FrameStack { stack }
}
