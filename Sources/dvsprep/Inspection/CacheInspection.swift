import Framing
import SpikeNet

/// What is in a cache: recipe, classes, splits, and how many events its slices hold.
struct CacheInspection {
  private let cache: FrameCache
  private var eventsPerSlice: [Int64] = []
  private var eventsPerSample: [Int64] = []
  private var frames = 0

  init(_ cache: FrameCache) throws {
    self.cache = cache
    for index in 0..<cache.count {
      let table = try cache.slices(at: index)
      frames += table.events.count
      eventsPerSlice += table.events
      eventsPerSample.append(table.events.reduce(0, +))
    }
  }

  /// Samples whose number of events is more than five median deviations from the median.
  private var outliers: [Int] {
    guard !eventsPerSample.isEmpty else { return [] }
    let median = Self.median(eventsPerSample)
    let deviation = Self.median(eventsPerSample.map { abs($0 - median) })
    return eventsPerSample.indices.filter {
      deviation > 0 && abs(eventsPerSample[$0] - median) > 5 * deviation
    }
  }

  private static func median(_ values: [Int64]) -> Int64 { values.sorted()[values.count / 2] }

  private var emptySlices: Int { eventsPerSlice.filter { $0 == 0 }.count }

  func print(asJSON: Bool) throws {
    Swift.print(asJSON ? json.json : text)
  }

  private var text: String {
    let parts = cache.splits.keys.sorted()
    let sizes = parts.flatMap { split in
      (cache.splits[split] ?? [:]).sorted { $0.key < $1.key }
        .map { "\(split)/\($0.key) \($0.value.count)" }
    }
    let classes = TextTable(
      header: ["class", "samples"]
        + parts.flatMap { split in partNames(split).map { "\(split)/\($0)" } },
      rows: cache.classNames.indices.map { label in
        [cache.classNames[label], "\(count(label, in: Array(0..<cache.count)))"]
          + parts.flatMap { split in
            partNames(split).map { "\(count(label, in: cache.splits[split]?[$0] ?? []))" }
          }
      }
    )
    return """
      cache             \(cache.path)
      dataset           \(cache.description.dataset)
      samples           \(cache.count), \(frames) frames of \(cache.geometry), counts as \(cache.type)
      cut               \(cache.recipe.slicing)
      splits            \(sizes.isEmpty ? "none" : sizes.joined(separator: ", "))
      events a slice    \(Self.statistics(eventsPerSlice)); \(emptySlices) empty
      events a sample   \(Self.statistics(eventsPerSample))
      outliers          \(outlierText)
      made by           \(cache.description.createdBy)
      command           \(cache.description.command)

      \(classes.lines.joined(separator: "\n"))
      """
  }

  private func partNames(_ split: String) -> [String] { (cache.splits[split] ?? [:]).keys.sorted() }

  private func count(_ label: Int, in samples: [Int]) -> Int {
    samples.reduce(0) { $0 + (cache.labels[$1] == label ? 1 : 0) }
  }

  private var outlierText: String {
    let names = outliers.prefix(5).map { "\(cache.names[$0]) (\(eventsPerSample[$0]))" }
    guard !names.isEmpty else { return "0" }
    return "\(outliers.count): " + names.joined(separator: ", ")
      + (outliers.count > names.count ? " and others" : "")
  }

  private static func statistics(_ values: [Int64]) -> String {
    guard let least = values.min(), let greatest = values.max() else { return "-" }
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    return "\(least) to \(greatest), median \(median(values)), mean \(Int(mean.rounded()))"
  }

  private var json: ConfigurationValue {
    .section([
      .init("dataset", .text(cache.description.dataset)),
      .init("samples", .integer(cache.count)),
      .init("frames", .integer(frames)),
      .init("width", .integer(cache.geometry.width)),
      .init("height", .integer(cache.geometry.height)),
      .init("recipe", .text("\(cache.recipe.slicing)")),
      .init(
        "classes",
        .list(
          cache.classNames.indices.map { label in
            .section([
              .init("name", .text(cache.classNames[label])),
              .init("samples", .integer(count(label, in: Array(0..<cache.count)))),
            ])
          }
        )
      ),
      .init(
        "splits",
        .section(
          cache.splits.sorted { $0.key < $1.key }.map { split, parts in
            .init(
              split,
              .section(
                parts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value.count)) }
              )
            )
          }
        )
      ),
      .init("empty_slices", .integer(emptySlices)),
      .init("events_per_slice", Self.json(eventsPerSlice)),
      .init("events_per_sample", Self.json(eventsPerSample)),
      .init("outliers", .list(outliers.map { .text(cache.names[$0]) })),
    ])
  }

  private static func json(_ values: [Int64]) -> ConfigurationValue {
    guard let least = values.min(), let greatest = values.max() else { return .null }
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    return .section([
      .init("min", .integer(Int(least))), .init("median", .integer(Int(median(values)))),
      .init("mean", .number(mean)), .init("max", .integer(Int(greatest))),
    ])
  }
}
