import EventIO
import Testing

struct SynthesisGeneratorTests {
  @Test func equalSeedsGiveEqualNumbersAndStreamsDiffer() {
    var first = SynthesisGenerator(seed: 7, stream: 3)
    var again = SynthesisGenerator(seed: 7, stream: 3)
    var otherStream = SynthesisGenerator(seed: 7, stream: 4)
    var otherSeed = SynthesisGenerator(seed: 8, stream: 3)
    let numbers = (0..<50).map { _ in first.next() }
    #expect(numbers == (0..<50).map { _ in again.next() })
    #expect(Set(numbers).isDisjoint(with: (0..<50).map { _ in otherStream.next() }))
    #expect(Set(numbers).isDisjoint(with: (0..<50).map { _ in otherSeed.next() }))
  }

  @Test func uniformNumbersFillTheirRangeEvenly() {
    var generator = SynthesisGenerator(seed: 1)
    let numbers = (0..<20_000).map { _ in generator.uniform(-2...6) }
    #expect(numbers.allSatisfy { (-2...6).contains($0) })
    let mean = numbers.reduce(0, +) / 20_000
    #expect(abs(mean - 2) < 0.08)
    for start in -2..<6 {
      let share = Double(numbers.count { $0 >= Double(start) && $0 < Double(start + 1) }) / 20_000
      #expect(abs(share - 0.125) < 0.012)
    }
  }

  @Test func normalNumbersHaveUnitDeviation() {
    var generator = SynthesisGenerator(seed: 2)
    let numbers = (0..<20_000).map { _ in generator.normal() }
    let mean = numbers.reduce(0, +) / 20_000
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.05)
    #expect(abs(Double(numbers.count { abs($0) < 1 }) / 20_000 - 0.683) < 0.015)
  }

  @Test func waitingTimesHaveTheInverseRateAsMean() {
    var generator = SynthesisGenerator(seed: 3)
    let times = (0..<20_000).map { _ in generator.waitingTime(rate: 4) }
    #expect(times.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect(abs(times.reduce(0, +) / 20_000 - 0.25) < 0.01)
  }
}
