/// Which part of a conversion a cache is, where the work was divided.
///
/// | where | type | meaning |
/// |---|---|---|
/// | attribute `shard` | string | such as `2/8` |
/// | attribute `shard_identity` | string | JSON: what all parts must have in common |
/// | `/shard/index` | int64 `[n]` | each sample's place in the whole |
/// | `/shard/content` | string `[n]` | the digest of each sample's recording |
struct CacheShard: Hashable, Sendable {
  static let attribute = "shard"
  static let identityAttribute = "shard_identity"
  static let index = "shard/index"
  static let content = "shard/content"

  /// Which part of how many.
  var shard: Shard
  /// What all parts have in common, as JSON.
  var identity: String
  /// Each sample's place among those of all parts.
  var indices: [Int64] = []
  /// What its recording contains: a digest, and the window in it.
  var contents: [String] = []
}

extension CacheShard {
  /// The part with the samples that succeeded only.
  func keeping(
    _ kept: [Int],
    _ catalog: RecordingCatalog,
    _ notes: [Int: RecordingNote]
  ) -> CacheShard {
    var shard = self
    shard.indices = kept.map { indices[$0] }
    shard.contents = kept.map { index in
      let sample = catalog.samples[index]
      return sample.content(notes[sample.recording]?.digest ?? "")
    }
    return shard
  }
}

/// A part of the work: `number` of `count`.
public struct Shard: Hashable, Sendable, LosslessStringConvertible {
  /// From 1.
  public let number: Int
  /// At least 1.
  public let count: Int

  /// More parts than this are a slip of the keyboard.
  public static let limit = 100_000

  /// Parses a text such as `2/8`; nil for anything else.
  public init?(_ description: String) {
    let parts = description.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1],
      (1...Self.limit).contains(count), (1...count).contains(number)
    else { return nil }
    self.number = number
    self.count = count
  }

  /// The part as `2/8`.
  public var description: String { "\(number)/\(count)" }

  /// Whether the part has a recording: every `count`-th one.
  func holds(recording index: Int) -> Bool { index % count == number - 1 }
}
