import Foundation

/// A named, frozen division of samples; it depends on their names alone.
public enum Split: String, Codable, Sendable, CaseIterable {
  /// What the dataset's makers laid down.
  case official
  /// SpikingJelly's `split_to_train_test_set(0.9)`: per class the first 90 % by name train.
  case sj90 = "sj-0.9"
  /// TEBN's for CIFAR10-DVS: numbers 0 to 99 test, the others train.
  case tebn
  /// No split.
  case none

  /// The split that a dataset gets when none is asked for.
  public static func standard(for catalog: RecordingCatalog) -> Split {
    if catalog.samples.contains(where: { $0.part != nil }) { return .official }
    return catalog.kind == .recording ? .none : .sj90
  }

  /// Divides samples.
  ///
  /// - Returns: Sample indices in rising order, by part; parts without samples are left out.
  /// - Throws: ``FramingError`` of kind `usage` where the dataset does not have this split.
  public func parts(of samples: [CatalogSample]) throws(FramingError) -> [String: [Int]] {
    switch self {
    case .none: return [:]
    case .official: return try official(samples)
    case .sj90: return firstShare(samples, 0.9)
    case .tebn: return try tebn(samples)
    }
  }

  private func official(_ samples: [CatalogSample]) throws(FramingError) -> [String: [Int]] {
    var parts: [String: [Int]] = [:]
    for (index, sample) in samples.enumerated() {
      guard let part = sample.part else {
        throw FramingError(
          .usage,
          "this dataset has no official split; pass --split sj-0.9, tebn or none"
        )
      }
      parts[part.rawValue, default: []].append(index)
    }
    return parts
  }

  /// Per class, the first ⌈share · n⌉ samples in the order of their names train.
  private func firstShare(_ samples: [CatalogSample], _ share: Double) -> [String: [Int]] {
    var parts: [String: [Int]] = [:]
    let byClass = Dictionary(grouping: samples.indices) { samples[$0].label }
    for indices in byClass.values {
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
}
