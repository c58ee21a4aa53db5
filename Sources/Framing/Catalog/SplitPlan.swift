/// The splits that a cache stores, and how much of their training parts is held back.
public struct SplitPlan: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The splits; those of the same name are stored once.
  public var splits: [Split]
  /// The share of each class's training samples that becomes the part `val`; nil for none.
  public var validationShare: Double?
  /// Decides which samples are held back, and which are together in a fold.
  public var seed: UInt64

  /// Creates a plan.
  ///
  /// - Precondition: A share is above 0 and below 1.
  public init(_ splits: [Split], validationShare: Double? = nil, seed: UInt64 = 0) {
    precondition(validationShare.map { $0 > 0 && $0 < 1 } ?? true, "a share outside 0 to 1")
    self.splits = splits
    self.validationShare = validationShare
    self.seed = seed
  }

  /// Creates a plan that holds nothing back.
  public init(arrayLiteral splits: Split...) { self.init(splits) }

  /// Divides samples.
  ///
  /// - Returns: Sample indices in rising order, by part, by the name of the split.
  /// - Throws: ``FramingError`` of kind `usage` where the dataset does not have one of the splits,
  ///   or already has validation samples.
  public func lists(
    of samples: [CatalogSample]
  ) throws(FramingError) -> [String: [String: [Int]]] {
    var lists: [String: [String: [Int]]] = [:]
    for split in splits {
      lists.merge(try split.lists(of: samples, seed: seed)) { _, new in new }
    }
    guard let validationShare else { return lists }
    guard !lists.isEmpty else {
      throw FramingError(.usage, "--val needs a split to hold samples back from; pass --split")
    }
    for (name, parts) in lists {
      lists[name] = try holdingBack(validationShare, of: parts, samples, name)
    }
    return lists
  }

  /// Moves a share of every class from `train` to `val`: ⌊share · n + ½⌋ samples, at least one of
  /// two or more, in seeded order.
  private func holdingBack(
    _ share: Double,
    of parts: [String: [Int]],
    _ samples: [CatalogSample],
    _ name: String
  ) throws(FramingError) -> [String: [Int]] {
    guard parts["val"] == nil else {
      throw FramingError(.usage, "the split \(name) has validation samples already; omit --val")
    }
    let train = parts["train"] ?? []
    var held: Set<Int> = []
    for indices in Dictionary(grouping: train, by: { samples[$0].label }).values {
      let rounded = Int((Double(indices.count) * share).rounded())
      let count = min(indices.count - 1, max(1, rounded))
      held.formUnion(SeededOrder(seed).sorted(indices) { samples[$0].name }.prefix(count))
    }
    var parts = parts
    parts["train"] = train.filter { !held.contains($0) }
    parts["val"] = held.sorted()
    return parts
  }
}
