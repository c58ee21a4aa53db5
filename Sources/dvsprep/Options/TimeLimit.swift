import ArgumentParser

/// A length of time such as `90`, `45s`, `30m`, `1h30m` or `2d`.
struct TimeLimit: ExpressibleByArgument {
  /// The length.
  let seconds: Int

  private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
  /// Ten years, which nobody means.
  private static let longest = 315_360_000

  init?(argument: String) {
    var (total, number) = (0, 0)
    var isPending = false
    for character in argument.lowercased() {
      if let digit = character.wholeNumberValue, character.isASCII {
        number = number * 10 + digit
        isPending = true
      } else if let unit = Self.units[character], isPending {
        total += number * unit
        (number, isPending) = (0, false)
      } else {
        return nil
      }
      guard number <= Self.longest, total <= Self.longest else { return nil }
    }
    seconds = total + number
    guard seconds > 0 else { return nil }
  }
}

/// Different seeds, separated by commas.
struct SeedList: ExpressibleByArgument {
  /// The seeds in their order.
  let seeds: [Int]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    seeds = words.compactMap { Int($0) }
    guard seeds.count == words.count, Set(seeds).count == seeds.count,
      seeds.allSatisfy({ $0 >= 0 })
    else { return nil }
  }
}
