/// A small random generator whose whole state can be saved: xoshiro256**.
///
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021); seeded through
/// SplitMix64, as its authors recommend.
public struct SeededGenerator: RandomNumberGenerator, Codable, Hashable, Sendable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// Creates the generator of a seed; equal seeds give equal sequences.
  public init(seed: UInt64) {
    var state = seed
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    s0 = next()
    s1 = next()
    s2 = next()
    s3 = next()
  }

  /// Creates a generator of its own for one purpose, such as an epoch or a sample.
  public init(seed: UInt64, stream: UInt64) {
    self.init(seed: seed &+ (stream &+ 1) &* 0xD134_2543_DE82_EF95)
  }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotated(s1 &* 5, by: 7) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotated(s3, by: 45)
    return result
  }

  private func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 {
    value << bits | value >> (64 - bits)
  }
}
