/// A named, frozen division of samples; it depends on their names alone, and on a seed.
public enum Split: Hashable, Sendable {
  /// What the dataset's makers laid down.
  case official
  /// SpikingJelly's `split_to_train_test_set(0.9)`: per class the first 90 % by name train.
  case sj90
  /// TEBN's for CIFAR10-DVS: numbers 0 to 99 test, the others train.
  case tebn
  /// K divisions; each sample is in the test part of exactly one.
  case folds(Int)
  /// No split.
  case none

  /// More folds than this are a slip of the keyboard.
  static let foldLimit = 1000

  /// The splits by the names that ``init(_:)`` takes, for help texts.
  public static let names = ["official", "sj-0.9", "tebn", "kfold:K", "none"]

  /// Parses a name such as `sj-0.9` or `kfold:5`.
  public init?(_ name: String) {
    switch name {
    case "official": self = .official
    case "sj-0.9": self = .sj90
    case "tebn": self = .tebn
    case "none": self = .none
    default:
      guard name.hasPrefix("kfold:"), let count = Int(name.dropFirst("kfold:".count)),
        (2...Self.foldLimit).contains(count)
      else { return nil }
      self = .folds(count)
    }
  }

  /// The split that a dataset gets when none is asked for.
  public static func standard(for catalog: RecordingCatalog) -> Split {
    if catalog.samples.contains(where: { $0.part != nil }) { return .official }
    return catalog.kind == .recording && catalog.classNames.count == 1 ? .none : .sj90
  }

  /// Divides samples.
  ///
  /// - Parameter seed: Decides which samples are together in a fold; the others ignore it.
  /// - Returns: Sample indices in rising order, by part, by the name under which a cache keeps
  ///   them; parts without samples are left out. K folds are `kfold-K-0` to `kfold-K-(K-1)`.
  /// - Throws: ``FramingError`` of kind `usage` where the dataset does not have this split.
  public func lists(
    of samples: [CatalogSample],
    seed: UInt64 = 0
  ) throws(FramingError) -> [String: [String: [Int]]] {
    switch self {
    case .none: return [:]
    case .official: return ["official": try official(samples)]
    case .sj90: return ["sj-0.9": firstShare(samples, 0.9)]
    case .tebn: return ["tebn": try tebn(samples)]
    case .folds(let count): return try folds(samples, count, seed)
    }
  }

  private func official(_ samples: [CatalogSample]) throws(FramingError) -> [String: [Int]] {
    var parts: [String: [Int]] = [:]
    for (index, sample) in samples.enumerated() {
      guard let part = sample.part else {
        throw FramingError(
          .usage,
          "this dataset has no official split; pass --split sj-0.9, kfold:K or none"
        )
      }
      parts[part.rawValue, default: []].append(index)
    }
    return parts
  }

  /// Per class, the first ⌈share · n⌉ samples in the order of their names train.
  private func firstShare(_ samples: [CatalogSample], _ share: Double) -> [String: [Int]] {
    var parts: [String: [Int]] = [:]
    for indices in Self.byClass(samples).values {
      let sorted = indices.sorted {
        samples[$0].name.utf8.lexicographicallyPrecedes(samples[$1].name.utf8)
      }
      let count = Int((Double(sorted.count) * share).rounded(.up))
      parts["train", default: []] += sorted[..<count]
      parts["test", default: []] += sorted[count...]
    }
    return parts.mapValues { $0.sorted() }.filter { !$0.value.isEmpty }
  }

  private func tebn(_ samples: [CatalogSample]) throws(FramingError) -> [String: [Int]] {
    var parts: [String: [Int]] = [:]
    for (index, sample) in samples.enumerated() {
      guard let number = sample.name.split(separator: "_").last.flatMap({ Int($0) }),
        sample.name.contains("cifar10_")
      else {
        throw FramingError(
          .usage,
          "the split tebn is for CIFAR10-DVS; the sample \(sample.name) is not from it"
        )
      }
      parts[number < 100 ? "test" : "train", default: []].append(index)
    }
    return parts
  }

  /// Per class, samples in seeded order are dealt to the folds in turn.
  private func folds(
    _ samples: [CatalogSample],
    _ count: Int,
    _ seed: UInt64
  ) throws(FramingError) -> [String: [String: [Int]]] {
    guard count <= samples.count else {
      throw FramingError(
        .usage,
        "kfold:\(count) needs \(count) samples; there are \(samples.count)"
      )
    }
    var foldOf = [Int](repeating: 0, count: samples.count)
    var next = 0
    for (_, indices) in Self.byClass(samples).sorted(by: { $0.key < $1.key }) {
      for index in SeededOrder(seed).sorted(indices, by: { samples[$0].name }) {
        foldOf[index] = next % count
        next += 1
      }
    }
    var lists: [String: [String: [Int]]] = [:]
    for fold in 0..<count {
      lists["kfold-\(count)-\(fold)"] = [
        "train": samples.indices.filter { foldOf[$0] != fold },
        "test": samples.indices.filter { foldOf[$0] == fold },
      ]
    }
    return lists
  }

  static func byClass(_ samples: [CatalogSample]) -> [Int: [Int]] {
    Dictionary(grouping: samples.indices) { samples[$0].label }
  }
}

extension Split: CustomStringConvertible {
  /// The name that ``init(_:)`` takes.
  public var description: String {
    switch self {
    case .official: "official"
    case .sj90: "sj-0.9"
    case .tebn: "tebn"
    case .folds(let count): "kfold:\(count)"
    case .none: "none"
    }
  }
}

/// An order of names that looks random, and depends on them and a seed alone.
///
/// The key of a name is the 64-bit FNV-1a hash of the seed's decimal digits, a zero, the name and a
/// zero, mixed by the last steps of SplitMix64. Adding a name leaves the order of the others.
struct SeededOrder {
  private let seed: UInt64

  init(_ seed: UInt64) { self.seed = seed }

  /// Sorts elements by the keys of their names; equal keys by the names.
  func sorted(_ elements: [Int], by name: (Int) -> String) -> [Int] {
    elements.map { (element: $0, key: key(name($0)), name: name($0)) }
      .sorted { ($0.key, $0.name) < ($1.key, $1.name) }
      .map(\.element)
  }

  private func key(_ name: String) -> UInt64 {
    var digest = SourceFingerprint()
    digest.add("\(seed)")
    digest.add(name)
    var bits = digest.bits
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
