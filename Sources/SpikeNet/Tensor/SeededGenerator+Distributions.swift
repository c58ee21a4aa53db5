import Foundation

/// Random numbers whose sequence is spelled out here, because the standard library may change its own.
extension SeededGenerator {
  /// A number in 0 ..< 1 with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number between two bounds.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in `0 ..< limit`.
  public mutating func integer(below limit: Int) -> Int {
    precondition(limit >= 1, "generator: an integer below \(limit)")
    return Int(next().multipliedFullWidth(by: UInt64(limit)).high)
  }

  /// A whole number between two bounds.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// True with a probability.
  public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// A normally distributed number, by the Box-Muller transform.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// A number from the symmetric beta distribution, the weight of one of two samples that are mixed.
  ///
  /// - Parameter alpha: Above 0; below 1, weights near 0 and 1 are likely.
  public mutating func beta(_ alpha: Double) -> Double {
    let (a, b) = (gamma(alpha), gamma(alpha))
    return a + b > 0 ? a / (a + b) : 0.5
  }

  /// Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).
  private mutating func gamma(_ shape: Double) -> Double {
    guard shape >= 1 else {
      return gamma(shape + 1) * pow(1 - uniform(), 1 / shape)
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = pow(1 + c * x, 3)
      if v > 0, log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }
}
