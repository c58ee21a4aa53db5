import SpikeNet

/// How many samples each class has, in all and in each part of each split.
struct ClassBalance {
  let classNames: [String]
  let labels: [Int]
  /// Sample indices by part, by name of the split.
  let splits: [String: [String: [Int]]]

  private var parts: [(split: String, part: String, samples: [Int])] {
    splits.sorted { $0.key < $1.key }.flatMap { split, parts in
      parts.sorted { $0.key < $1.key }.map { (split, $0.key, $0.value) }
    }
  }

  private func counts(_ samples: some Sequence<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: classNames.count)
    for sample in samples { counts[labels[sample]] += 1 }
    return counts
  }

  /// One line a class.
  var lines: [String] {
    let columns = [counts(labels.indices)] + parts.map { counts($0.samples) }
    return TextTable(
      header: ["class", "samples"] + parts.map { "\($0.split)/\($0.part)" },
      rows: classNames.indices.map { label in
        [classNames[label]] + columns.map { "\($0[label])" }
      }
    ).lines
  }

  /// The sizes of the parts, on one line.
  var sizes: String {
    parts.isEmpty
      ? "none"
      : parts.map { "\($0.split)/\($0.part) \($0.samples.count)" }.joined(separator: ", ")
  }

  /// Samples by class.
  var classesJSON: ConfigurationValue {
    let counts = counts(labels.indices)
    return .list(
      classNames.indices.map { label in
        .section([
          .init("name", .text(classNames[label])), .init("samples", .integer(counts[label])),
        ])
      }
    )
  }

  /// Samples by part and split.
  var splitsJSON: ConfigurationValue {
    .section(
      splits.sorted { $0.key < $1.key }.map { split, parts in
        .init(
          split,
          .section(parts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value.count)) })
        )
      }
    )
  }

  /// The parts that a sample is in, such as `official/train kfold-5-0/test`.
  func places() -> [String] {
    var places = [[String]](repeating: [], count: labels.count)
    for (split, part, samples) in parts {
      for sample in samples { places[sample].append("\(split)/\(part)") }
    }
    return places.map { $0.joined(separator: " ") }
  }
}
