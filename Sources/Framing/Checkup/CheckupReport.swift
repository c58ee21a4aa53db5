/// What a checkup found out about a dataset.
public struct CheckupReport: Sendable {
  /// The dataset, such as `n-mnist`.
  public var dataset: String
  /// The folder or archive that was looked at.
  public var root: String
  /// Recordings that are there.
  public var recordings = 0
  /// Samples that are there.
  public var samples = 0
  /// Samples by part; empty where there are no parts.
  public var parts: [String: Int] = [:]
  /// Samples by class, in the order of the classes.
  public var classes: [(name: String, samples: Int)] = []
  /// Events that were decoded; nil if the content was not looked at.
  public var events: Int?
  /// What is wrong, worst first.
  public var findings: [Finding] = []
  /// Room on the disk and in memory.
  public var room: RoomEstimate?

  /// Whether nothing is wrong.
  public var isHealthy: Bool { findings.isEmpty }

  init(dataset: String, root: String) {
    self.dataset = dataset
    self.root = root
  }

  mutating func count(_ catalog: RecordingCatalog) {
    recordings = Set(catalog.samples.map(\.recording)).count
    samples = catalog.samples.count
    for sample in catalog.samples {
      if let part = sample.part { parts[part.rawValue, default: 0] += 1 }
    }
    let byLabel = Split.byClass(catalog.samples)
    classes = catalog.classNames.indices.map { (catalog.classNames[$0], byLabel[$0]?.count ?? 0) }
  }
}
