import Framing
import SpikeNet

/// What is in a cache: recipe, classes, splits, and how many events its slices hold.
struct CacheInspection: SetInspection {
  private let cache: FrameCache
  private let table: SampleTable

  init(_ cache: FrameCache) throws {
    self.cache = cache
    var table = SampleTable(
      facts: [],
      names: cache.names,
      balance: ClassBalance(
        classNames: cache.classNames,
        labels: cache.labels,
        splits: cache.splits
      ),
      slices: try (0..<cache.count).map { try cache.slices(at: $0).events }
    )
    table.facts = [
      ("cache", cache.path), ("dataset", cache.description.dataset),
      (
        "samples",
        "\(cache.count), \(table.frameCount) frames of \(cache.geometry), counts as \(cache.type)"
      ),
      ("cut", "\(cache.recipe.slicing)"), ("made by", cache.description.createdBy),
      ("command", cache.description.command),
    ]
    self.table = table
  }

  var text: String { table.text }
  var csv: String { table.csv }

  var json: ConfigurationValue {
    .section(
      [
        .init("dataset", .text(cache.description.dataset)),
        .init("width", .integer(cache.geometry.width)),
        .init("height", .integer(cache.geometry.height)),
        .init("recipe", .text("\(cache.recipe.slicing)")),
      ] + table.members
    )
  }
}
