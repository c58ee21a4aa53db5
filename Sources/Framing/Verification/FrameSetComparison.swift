import EventIO

/// Compares two sets of frames sample by sample, value by value.
public struct FrameSetComparison: Sendable {
  private let first: any FrameSet
  private let second: any FrameSet
  private let jobs: Int

  /// Compares two sets with a number of threads.
  public init(_ first: any FrameSet, _ second: any FrameSet, jobs: Int) {
    self.first = first
    self.second = second
    self.jobs = max(1, jobs)
  }

  /// Reads both sets.
  ///
  /// - Parameter progress: Called with the number of samples so far, from any thread.
  /// - Returns: What differs; empty for equal sets.
  /// - Throws: ``FramingError`` or `RecordingError` where a set cannot be read.
  public func run(
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> [FrameSetFinding] {
    let (places, others) = (Self.places(first), Self.places(second))
    var findings = Self.missing(first, in: others, second) + Self.missing(second, in: places, first)
    let pairs = first.names.indices.compactMap { index in
      others[first.names[index]].map { (index, $0) }
    }
    findings += try await FrameSetWork(count: pairs.count, jobs: jobs).run(progress) {
      [first, second] pair in
      let (index, other) = pairs[pair]
      return try Self.difference(first, index, second, other)
    }
    return findings
  }

  private static func places(_ set: any FrameSet) -> [String: Int] {
    Dictionary(zip(set.names, set.names.indices)) { first, _ in first }
  }

  private static func missing(
    _ set: any FrameSet,
    in others: [String: Int],
    _ other: any FrameSet
  ) -> [FrameSetFinding] {
    set.names.filter { others[$0] == nil }
      .map { FrameSetFinding(sample: $0, reason: "is not in \(other.path)") }
  }

  private static func difference(
    _ first: any FrameSet,
    _ index: Int,
    _ second: any FrameSet,
    _ other: Int
  ) throws -> FrameSetFinding? {
    let name = first.names[index]
    if let label = first.labels?[index], let otherLabel = second.labels?[other],
      label != otherLabel
    {
      return FrameSetFinding(sample: name, reason: "its label is \(label) and \(otherLabel)")
    }
    let (counts, shape) = try first.counts(at: index)
    let (otherCounts, otherShape) = try second.counts(at: other)
    let reason = FrameDifference.reason(counts, shape, otherCounts, otherShape)
    return reason.map { FrameSetFinding(sample: name, reason: $0) }
  }
}

/// What differs between two stacks of frames, in words.
enum FrameDifference {
  /// - Returns: nil for equal frames.
  static func reason(
    _ counts: [Int32],
    _ shape: [Int],
    _ others: [Int32],
    _ otherShape: [Int]
  ) -> String? {
    guard shape == otherShape else { return "its shape is \(shape) and \(otherShape)" }
    guard counts != others, let first = counts.indices.first(where: { counts[$0] != others[$0] })
    else { return nil }
    let differing = counts.indices.count { counts[$0] != others[$0] }
    var place: [Int] = []
    var rest = first
    for extent in shape.reversed() {
      place.insert(rest % extent, at: 0)
      rest /= extent
    }
    return "\(differing) counts differ; the first, at \(place), is \(counts[first]) and "
      + "\(others[first])"
  }
}
