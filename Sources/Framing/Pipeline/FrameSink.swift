import EventIO

/// Where a pipeline's samples go: a cache, a tree of files, a comparison.
///
/// The pipeline calls ``prepare(_:)`` once; then ``append(_:at:)`` and ``note(_:ofRecording:)`` from
/// any thread; then once either ``finish(_:)`` or ``abandon()``.
public protocol FrameSink: Sendable {
  /// Takes hold of the output and finds out what an earlier run of the same job left finished.
  ///
  /// - Throws: ``FramingError`` of kind `usage` for an output that must not be replaced, or
  ///   unfinished work of another job; `inputOutput` where nothing can be written.
  func prepare(_ job: FramingJob) throws -> FinishedWork

  /// Stores a sample; one that was stored before the recording's note came is replaced.
  ///
  /// - Parameter index: The sample in the job's catalog.
  /// - Returns: How many bytes it takes.
  /// - Throws: ``FramingError``, and what ``FramedSample/forEachPart`` throws.
  func append(_ sample: FramedSample, at index: Int) throws -> Int

  /// Notes that all samples of a recording have been appended.
  func note(_ recording: RecordingNote, ofRecording index: Int) throws

  /// Makes the output appear under its name, whole.
  ///
  /// - Parameter notes: What is known of the recordings that succeeded, in this run or before.
  func finish(_ notes: [Int: RecordingNote]) async throws -> FrameSinkReport

  /// Ends without an output; what was stored is kept for the next run, if anything was.
  ///
  /// - Returns: How many samples the next run will find, and where they are.
  func abandon() -> KeptWork
}

/// What an unfinished conversion leaves for the next one.
public struct KeptWork: Hashable, Sendable {
  /// Finished samples.
  public var samples: Int
  /// Where they are.
  public var path: String

  /// Creates a note; of nothing by default.
  public init(samples: Int = 0, path: String = "") {
    self.samples = samples
    self.path = path
  }
}

/// A conversion that ended early.
public struct UnfinishedConversion: Error, CustomStringConvertible {
  /// Why: `CancellationError`, or the failure that came first.
  public let cause: any Error
  /// What the same conversion will not do again.
  public let kept: KeptWork

  /// The cause in words.
  public var description: String { "\(cause)" }
}

/// What a conversion has to do.
public struct FramingJob: Sendable {
  /// The samples, in the order in which the output has them.
  public let catalog: RecordingCatalog
  /// What determines the frames.
  public let recipe: FramingRecipe
  /// How the work is done.
  public let options: PipelineOptions
  /// Indices of the catalog's samples by part, by name of the split.
  public let splits: [String: [String: [Int]]]
  /// Where the samples stand among those of all shards; nil for a conversion of all.
  let shard: CacheShard?

  /// Lays down the work, or the part of it that the options ask for.
  ///
  /// - Throws: ``FramingError`` of kind `usage` where the options do not fit the catalog.
  public init(
    _ catalog: RecordingCatalog,
    _ recipe: FramingRecipe,
    _ options: PipelineOptions
  ) throws(FramingError) {
    self.recipe = recipe
    self.options = options
    // A split has both parts, even if one of them is empty.
    let splits = try options.splits.lists(of: catalog.samples).mapValues {
      ["train": [], "test": []].merging($0) { _, list in list }
    }
    guard let shard = options.shard else {
      self.catalog = catalog
      self.splits = splits
      self.shard = nil
      return
    }
    let indices = catalog.samples.indices.filter {
      shard.holds(recording: catalog.samples[$0].recording)
    }
    let places = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
    var part = catalog
    part.keep(indices)
    self.catalog = part
    self.splits = splits.mapValues { $0.mapValues { $0.compactMap { places[$0] } } }
    self.shard = CacheShard(
      shard: shard,
      identity: ConversionIdentity(catalog, recipe, options, splits).json,
      indices: indices.map { Int64($0) }
    )
  }
}

/// One sample's frames and what the tables say of them.
public struct FramedSample {
  /// The sample's name, as SpikingJelly would name its file, without ending.
  public let name: String
  /// The class, from 0.
  public let label: Int
  /// The slices, one a frame.
  public let slices: SliceTable
  /// Hands over the frames in order, some at a time; calling it again begins anew.
  ///
  /// Frames are counted when they are asked for, so that a long sample needs little memory.
  public let forEachPart: ((FrameStack) throws -> Void) throws -> Void
  /// Fetches the sample's events, for sinks that store them too.
  public let events: () throws -> EventBuffer
  /// The integer type in which SpikingJelly would keep their timestamps.
  public let timestampType: TimestampType

  /// Creates a sample.
  public init(
    name: String,
    label: Int,
    slices: SliceTable,
    timestampType: TimestampType = .int64,
    events: @escaping () throws -> EventBuffer,
    forEachPart: @escaping ((FrameStack) throws -> Void) throws -> Void
  ) {
    self.name = name
    self.label = label
    self.slices = slices
    self.timestampType = timestampType
    self.events = events
    self.forEachPart = forEachPart
  }
}

/// What is known of a recording once all its samples are stored.
public struct RecordingNote: Hashable, Codable, Sendable {
  /// The digest of its content.
  public var digest = ""
  /// What its source said of the last change; nil if it says nothing.
  public var stamp: String?
  /// Events decoded.
  public var events = 0
  /// Events outside the sensor that were dropped.
  public var droppedEvents = 0
  /// Whether row 0 is the bottom of the picture.
  public var rowsCountFromBottom = false
  /// What was odd.
  public var warnings: [String] = []

  /// Creates a note of nothing.
  public init() {}
}

/// What an earlier run of the same job left.
public struct FinishedWork: Sendable {
  /// Samples that are stored and were verified.
  public var samples: Set<Int>
  /// Recordings whose samples all are.
  public var recordings: [Int: RecordingNote]

  /// Creates a list of what is there; nothing by default.
  public init(samples: Set<Int> = [], recordings: [Int: RecordingNote] = [:]) {
    self.samples = samples
    self.recordings = recordings
  }
}

/// What a sink has written.
public struct FrameSinkReport: Sendable {
  /// Samples in the output.
  public var samples = 0
  /// Frames in the output.
  public var frames = 0
  /// The widest type in which counts are stored.
  public var type = CountType.uint8
  /// The output's size.
  public var byteCount = 0
  /// Samples in each part of each split.
  public var splits: [String: [String: Int]] = [:]

  /// Creates a report; of nothing by default.
  public init(
    samples: Int = 0,
    frames: Int = 0,
    type: CountType = .uint8,
    byteCount: Int = 0,
    splits: [String: [String: Int]] = [:]
  ) {
    self.samples = samples
    self.frames = frames
    self.type = type
    self.byteCount = byteCount
    self.splits = splits
  }
}
