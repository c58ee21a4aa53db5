import SpikeNet

/// The spread of some numbers, such as events a slice.
struct CountStatistics {
  let values: [Int64]

  init(_ values: [Int64]) { self.values = values }

  private static func median(_ values: [Int64]) -> Int64 { values.sorted()[values.count / 2] }

  private var mean: Double {
    values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
  }

  /// How many are zero.
  var zeros: Int { values.count { $0 == 0 } }

  /// Indices of values more than five median deviations from the median.
  var outliers: [Int] {
    guard !values.isEmpty else { return [] }
    let median = Self.median(values)
    let deviation = Self.median(values.map { abs($0 - median) })
    return values.indices.filter { deviation > 0 && abs(values[$0] - median) > 5 * deviation }
  }

  /// Range, median and mean in words.
  var text: String {
    guard let least = values.min(), let greatest = values.max() else { return "-" }
    return "\(least) to \(greatest), median \(Self.median(values)), mean \(Int(mean.rounded()))"
  }

  /// The outliers in words, each with its value.
  func outlierText(_ names: [String]) -> String {
    let outliers = outliers
    let shown = outliers.prefix(5).map { "\(names[$0]) (\(values[$0]))" }
    guard !shown.isEmpty else { return "0" }
    return "\(outliers.count): " + shown.joined(separator: ", ")
      + (outliers.count > shown.count ? " and others" : "")
  }

  /// Range, median and mean.
  var json: ConfigurationValue {
    guard let least = values.min(), let greatest = values.max() else { return .null }
    return .section([
      .init("min", .integer(Int(least))), .init("median", .integer(Int(Self.median(values)))),
      .init("mean", .number(mean)), .init("max", .integer(Int(greatest))),
    ])
  }
}
