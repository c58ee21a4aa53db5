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
    let table = try cache.slices(at: index)
    self.stack = stack
    slices = (0..<stack.frameCount).map { frame in
      let first = frame * stack.frameSize + stack.channelSize
      return SliceRow(
        firstEvent: nil,
        count: Int(table.events[frame]),
        start: table.start[frame],
        end: table.end[frame],
        on: stack.counts[first..<first + stack.channelSize].reduce(0) { $0 + Int($1) }
      )
    }
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
