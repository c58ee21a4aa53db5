/// How many letters two words differ by, to guess what was meant.
package enum EditDistance {
  /// The fewest insertions, deletions and replacements that turn one word into the other.
  package static func between(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let replaced = diagonal + (letter == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }

  /// The known path nearest to one that is unknown; its last word counts alone as well.
  ///
  /// - Returns: Nil if nothing is near: more than half of the letters would change.
  package static func nearest(to path: String, among known: [String]) -> String? {
    // A long word is no typing error, and comparing it would take long.
    guard path.count <= 100 else { return nil }
    let scored = known.map { candidate in
      let whole = between(path, candidate)
      let last = between(lastWord(path), lastWord(candidate))
      // Same word in another section beats a similar word.
      return (candidate, min(2 * whole, 2 * last + 1))
    }
    guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
    return best.1 <= lastWord(path).count + 1 ? best.0 : nil
  }

  private static func lastWord(_ path: String) -> String {
    path.split(separator: ".").last.map(String.init) ?? path
  }
}
