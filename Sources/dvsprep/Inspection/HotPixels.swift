import EventIO
import SpikeNet

/// Pixels that fire far more often than the others: more than 20 times the mean of active pixels.
struct HotPixels: CustomStringConvertible {
  private let pixels: [(x: Int, y: Int, count: Int)]
  private static let factor = 20
  private static let shownCount = 5

  init(_ events: EventBuffer, _ geometry: SensorGeometry) {
    var counts = [Int](repeating: 0, count: geometry.width * geometry.height)
    for index in 0..<events.count where geometry.contains(x: events.x[index], y: events.y[index]) {
      counts[Int(events.y[index]) * geometry.width + Int(events.x[index])] += 1
    }
    let active = counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    let total = counts.reduce(0, +)
    let limit = active == 0 ? Int.max : Self.factor * total / active
    pixels = counts.indices.filter { counts[$0] > limit && counts[$0] > Self.factor }
      .map { ($0 % geometry.width, $0 / geometry.width, counts[$0]) }
      .sorted { $0.count > $1.count }
  }

  var description: String {
    guard !pixels.isEmpty else { return "0" }
    let shown = pixels.prefix(Self.shownCount).map { "(\($0.x), \($0.y)) with \($0.count)" }
    let rest = pixels.count > shown.count ? " and others" : ""
    return "\(pixels.count): \(shown.joined(separator: ", "))\(rest)"
  }

  var json: ConfigurationValue {
    .list(
      pixels.map {
        .section([
          .init("x", .integer($0.x)), .init("y", .integer($0.y)),
          .init("events", .integer($0.count)),
        ])
      }
    )
  }
}
