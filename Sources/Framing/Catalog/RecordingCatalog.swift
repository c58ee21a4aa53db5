/// The part of a dataset that its makers put a sample in.
public enum OfficialPart: String, Codable, Sendable, CaseIterable {
  case train
  case test
  case val
}

/// One sample: a recording, or a stretch of time in one.
public struct CatalogSample: Hashable, Sendable {
  /// The name that SpikingJelly gives its file, without ending, such as `train/0/user01_led_0`.
  public let name: String
  /// The class, an index into the catalog's class names.
  public let label: Int
  /// The part that the dataset's makers put it in; nil where they did not.
  public let part: OfficialPart?
  /// The recording, an index into the catalog's recordings.
  public let recording: Int
  /// The microseconds that belong to it; nil takes the whole recording.
  public let window: Range<Int64>?

  /// Creates a sample.
  public init(
    name: String,
    label: Int,
    part: OfficialPart? = nil,
    recording: Int,
    window: Range<Int64>? = nil
  ) {
    self.name = name
    self.label = label
    self.part = part
    self.recording = recording
    self.window = window
  }
}

extension CatalogSample {
  /// The same sample in a recording that has another index.
  func with(recording: Int) -> CatalogSample {
    CatalogSample(name: name, label: label, part: part, recording: recording, window: window)
  }
}

/// What a dataset's folders hold: its samples in a fixed order, and what was left aside.
public struct RecordingCatalog: Sendable {
  /// What the folders were taken for.
  public let kind: DatasetKind
  /// The folder or archive that paths are relative to.
  public let root: String
  private let tree: FileTree?
  /// The classes; a label is an index into them.
  public let classNames: [String]
  /// The recordings, relative to the root.
  public let recordings: [String]
  /// All samples: training before test, each in the order of their names.
  public private(set) var samples: [CatalogSample]
  /// Files that belong to no sample, relative to the root.
  public let ignored: [String]
  /// What is wrong with the dataset; its samples without what is wrong are still listed.
  public private(set) var problems: [FramingError]

  /// Sorts what was found.
  ///
  /// - Parameter tree: What the paths are relative to; nil for paths that stand for themselves.
  init(_ parts: CatalogParts, kind: DatasetKind, tree: FileTree?) {
    self.kind = kind
    self.tree = tree
    root = tree?.root ?? ""
    classNames = parts.classNames
    // Recordings are worked on in this order, and an archive is best read from front to back.
    let order = tree?.inReadingOrder(parts.recordings) ?? Array(parts.recordings.indices)
    recordings = order.map { parts.recordings[$0] }
    var newIndex = order
    for (index, old) in order.enumerated() { newIndex[old] = index }
    samples = parts.samples.map { $0.with(recording: newIndex[$0.recording]) }.sorted {
      left,
      right in
      let (a, b) = (left.part?.rank ?? 0, right.part?.rank ?? 0)
      return a != b ? a < b : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    ignored = parts.ignored + (tree?.unreadable ?? [])
    var problems = parts.problems
    for (one, other) in zip(samples, samples.dropFirst()) where one.name == other.name {
      problems.append(
        FramingError(
          .corrupt,
          "two recordings have the name \(one.name); rename one of them",
          path: recordings[other.recording]
        )
      )
    }
    self.problems = problems
  }

  /// Where a recording is read from.
  public func source(ofRecording index: Int) -> RecordingSource {
    tree?.source(of: recordings[index]) ?? .file(recordings[index])
  }

  /// Whether the files are read in place from archives.
  package var isArchived: Bool { tree?.isArchived ?? false }

  /// The same dataset with one sample, and without the problems of the others.
  package func only(_ sample: Int) -> RecordingCatalog {
    var catalog = self
    catalog.keep([sample])
    catalog.problems = []
    return catalog
  }

  /// Keeps only some samples.
  mutating func keep(_ indices: [Int]) { samples = indices.map { samples[$0] } }

  /// Keeps only `count` samples: in turn the next one of every class and part.
  ///
  /// A limited conversion still has all classes and both parts.
  public mutating func limit(to count: Int) {
    guard count < samples.count else { return }
    var groups: [[Int]] = []
    var groupOf: [String: Int] = [:]
    for (index, sample) in samples.enumerated() {
      let key = "\(sample.part?.rawValue ?? "")/\(sample.label)"
      let group = groupOf[key, default: groups.count]
      if group == groups.count {
        groupOf[key] = group
        groups.append([])
      }
      groups[group].append(index)
    }
    var chosen: [Int] = []
    var round = 0
    while chosen.count < count {
      for group in groups where round < group.count && chosen.count < count {
        chosen.append(group[round])
      }
      round += 1
    }
    samples = chosen.sorted().map { samples[$0] }
  }
}

extension OfficialPart {
  /// Training first.
  fileprivate var rank: Int {
    switch self {
    case .train: 0
    case .val: 1
    case .test: 2
    }
  }

  /// The part that a folder of a name holds; nil for other names.
  init?(folder: String) {
    switch folder.lowercased() {
    case "train", "training": self = .train
    case "test", "testing": self = .test
    case "val", "valid", "validation": self = .val
    default: return nil
    }
  }
}

/// A catalog in the making.
struct CatalogParts {
  var classNames: [String] = []
  var recordings: [String] = []
  var samples: [CatalogSample] = []
  var ignored: [String] = []
  var problems: [FramingError] = []
}
