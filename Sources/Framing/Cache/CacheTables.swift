/// Everything in a cache but its frames, and the checksum of it.
///
/// The checksum is the CRC-32 of these bytes: for each root attribute but `tables_checksum`, in
/// alphabetical order, its name, a line feed, its value as text, a line feed; then for each dataset
/// but `/frames`, in alphabetical order of the paths (which begin without a slash), the path, a line
/// feed and the values, least significant byte first, a string as its UTF-8 bytes and a line feed.
///
/// The value of `file_checksum` counts as 0, because it is computed when all else is written; its
/// name counts, so that a cache cannot lose it unnoticed.
struct CacheTables: Equatable, Sendable {
  /// Root attributes as text.
  var attributes: [String: String] = [:]
  /// Datasets of 64-bit integers by path.
  var numbers: [String: [Int64]] = [:]
  /// Datasets of strings by path.
  var strings: [String: [String]] = [:]
  /// The checksum of each sample's counts.
  var checksums: [UInt32] = []

  /// The CRC-32 of all of it.
  var checksum: UInt32 {
    var sum = Checksum()
    for (name, value) in attributes.sorted(by: { Self.precedes($0.key, $1.key) })
    where name != CacheSchema.tablesChecksum {
      sum.add("\(name)\n\(value)\n")
    }
    let paths = Array(numbers.keys) + Array(strings.keys) + [CacheSchema.checksums]
    for path in paths.sorted(by: Self.precedes) {
      sum.add("\(path)\n")
      if let values = numbers[path] {
        sum.add(values)
      } else if let texts = strings[path] {
        for text in texts { sum.add("\(text)\n") }
      } else {
        sum.add(checksums)
      }
    }
    return sum.value
  }

  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
