import EventIO
import Framing
import SpikeNet

/// What is in the frames of one sample, wherever they come from.
struct StackInspection: SliceInspection {
  /// Where the frames come from: a name and a value a line.
  var origin: [(name: String, value: String)]
  /// The same in JSON.
  var members: [ConfigurationValue.Member] = []
  var warnings: [String] = []
  var isUpsideDown = false
  let slices: [SliceRow]
  private let stack: FrameStack

  /// Looks at frames.
  ///
  /// - Parameter table: Where the slices begin and end, if that is known.
  init(_ stack: FrameStack, _ table: SliceTable? = nil, origin: [(name: String, value: String)]) {
    self.stack = stack
    self.origin = origin
    slices = SliceRow.all(stack, table)
  }

  private var total: Int { slices.reduce(0) { $0 + $1.count } }

  var facts: [(name: String, value: String)] {
    origin + [
      ("sensor", "\(stack.geometry)"), ("events", "\(total)"),
      ("largest count", "\(stack.maximum)"),
    ]
  }

  var json: ConfigurationValue {
    .section(
      members + [
        .init("width", .integer(stack.geometry.width)),
        .init("height", .integer(stack.geometry.height)), .init("events", .integer(total)),
        .init("slices", jsonSlices),
      ]
    )
  }

  func frames() -> FrameStack { stack }

  /// Says which sample it is.
  mutating func name(sample index: Int, _ name: String, label: Int, _ className: String) {
    origin += [("sample", "\(index): \(name)"), ("class", "\(label): \(className)")]
    members = [
      .init("sample", .integer(index)), .init("name", .text(name)),
      .init("label", .integer(label)), .init("class", .text(className)),
    ]
  }
}
