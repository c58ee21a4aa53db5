import Foundation

/// Numbers for people.
enum Quantity {
  /// An integer with separators, such as `43,210`.
  static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var groups: [Substring] = []
    var rest = digits[...]
    while !rest.isEmpty {
      groups.append(rest.suffix(3))
      rest = rest.dropLast(3)
    }
    return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// A size such as `1.2 MB`.
  static func bytes(_ value: Int) -> String {
    var size = Double(value)
    for unit in ["bytes", "kB", "MB", "GB"] {
      if size < 999.95 {
        return unit == "bytes" ? "\(value) bytes" : decimals(size, 1) + " " + unit
      }
      size /= 1000
    }
    return decimals(size, 1) + " TB"
  }

  /// A time such as `0.34 s`, `12 s`, `3:07` or `1:02:45`.
  static func seconds(_ value: Double) -> String {
    if value < 10 { return decimals(value, 2) + " s" }
    if value < 60 { return decimals(value, 1) + " s" }
    let total = Int(min(value, 1e9).rounded())
    let minutes = decimalsless(total / 60 % 60) + ":" + decimalsless(total % 60)
    return total < 3600 ? minutes : "\(total / 3600):\(minutes)"
  }

  /// The seconds from a moment to now.
  static func seconds(since start: ContinuousClock.Instant) -> Double {
    let elapsed = (ContinuousClock.now - start).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
  }

  /// A number with a fixed count of decimals.
  static func decimals(_ value: Double, _ count: Int) -> String {
    String(format: "%.\(count)f", value)
  }

  private static func decimalsless(_ value: Int) -> String {
    String(format: "%02d", value)
  }

  /// A noun with its number, such as `1 sample` or `3 samples`.
  static func of(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
  }
}
