/// How a conversion is done; nothing here changes the frames.
public struct PipelineOptions: Sendable {
  /// How many recordings are decoded at a time; at least one.
  public var jobs: Int
  /// The level of compression, 0 to 9.
  public var compression: Int
  /// Whether recordings that fail are left out instead of ending the conversion.
  public var keepsGoing: Bool
  /// Whether an output that exists is replaced.
  public var overwrites: Bool
  /// The splits to store.
  public var splits: SplitPlan
  /// The part of the work to do; nil for all of it.
  public var shard: Shard?
  /// More events than this are not held at a time; longer recordings are read several times.
  package var heldEvents = 1 << 22
  /// The program and its version.
  public var createdBy: String
  /// The command line.
  public var command: String

  /// The fastest level: event frames are mostly zeros and shrink well at any.
  public static let defaultCompression = 1

  /// Creates options.
  public init(
    jobs: Int = 1,
    compression: Int = defaultCompression,
    keepsGoing: Bool = false,
    overwrites: Bool = false,
    splits: SplitPlan = [],
    shard: Shard? = nil,
    createdBy: String = "dvsprep",
    command: String = ""
  ) {
    precondition((0...9).contains(compression), "compression level \(compression)")
    self.jobs = max(1, jobs)
    self.compression = compression
    self.keepsGoing = keepsGoing
    self.overwrites = overwrites
    self.splits = splits
    self.shard = shard
    self.createdBy = createdBy
    self.command = command
  }
}

/// How far a conversion is.
public struct FramingProgress: Hashable, Sendable {
  /// Samples that are ready.
  public var samples = 0
  /// Those of them that an earlier run had finished.
  public var keptSamples = 0
  /// Samples that there will be.
  public var sampleCount = 0
  /// Events decoded.
  public var events = 0
  /// Bytes of frames, compressed.
  public var compressedBytes = 0
}

/// What a conversion did.
public struct FramingReport: Sendable {
  /// A recording or a part of the dataset that could not be used.
  public struct Failure: Sendable {
    /// The file.
    public let path: String
    /// Why.
    public let error: any Error
  }

  /// Samples in the output.
  public internal(set) var samples = 0
  /// Those of them that an earlier run had finished.
  public internal(set) var keptSamples = 0
  /// Frames in the output.
  public internal(set) var frames = 0
  /// Events decoded.
  public internal(set) var events = 0
  /// Events outside the sensor that were dropped.
  public internal(set) var droppedEvents = 0
  /// The type in which counts are stored.
  public internal(set) var type = CountType.uint8
  /// The size of the output.
  public internal(set) var byteCount = 0
  /// Samples in each part of each split.
  public internal(set) var splits: [String: [String: Int]] = [:]
  /// What failed, in the order of the catalog; empty unless it was asked to go on.
  public internal(set) var failures: [Failure] = []
  /// What was odd, each with the number of recordings and the first of them.
  public internal(set) var warnings: [(message: String, recordings: Int, first: String)] = []
}
