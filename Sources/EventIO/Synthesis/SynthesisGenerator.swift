import Foundation

/// A small generator with independent streams, for synthetic recordings.
///
/// s ← s + 0x9E3779B97F4A7C15; the output is s after two xor-shift-multiply rounds
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
package struct SynthesisGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates the generator of one stream of a seed.
  package init(seed: UInt64, stream: UInt64 = 0) {
    // One scrambled step apart, streams of neighbouring numbers share no prefix.
    var scrambler = SynthesisGenerator(state: stream)
    state = seed ^ scrambler.next()
  }

  private init(state: UInt64) {
    self.state = state
  }

  /// Returns the next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Returns a number of the half-open unit interval, from the top 53 bits.
  package mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Returns a number between two bounds.
  package mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// Returns a number of the normal distribution around 0 with deviation 1 (Box and Muller).
  package mutating func normal() -> Double {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }

  /// Returns the waiting time until the next event of a Poisson process of the given rate.
  package mutating func waitingTime(rate: Double) -> Double {
    precondition(rate > 0, "waiting time: rate \(rate) is not positive")
    return -log(1 - unit()) / rate
  }
}
