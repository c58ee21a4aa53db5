import Exchange
import Foundation
import SpikeNet

/// A model with the weights of a checkpoint: of a run, or of another program.
struct LoadedModel {
  /// The checkpoint.
  let path: String
  /// The model.
  let model: any Model
  /// What defined the run; for other programs, the model and the recipe's other values.
  let configuration: TrainingConfiguration
  /// What the model takes, and the names of what it tells apart.
  let data: DataDescription
  /// Text by name, such as how frames were made.
  let metadata: [String: String]

  /// Loads a checkpoint.
  ///
  /// - Parameters:
  ///   - path: A run directory, a checkpoint, or a file of weights of another program.
  ///   - settings: Keys of the model, for other programs.
  ///   - cache: Says what the model takes where the checkpoint does not, for what is read of its
  ///     frames; opened only then.
  init(
    _ path: String,
    _ options: CheckpointOptions,
    settings: [String] = [],
    like cache: (InputExpectation) throws -> FrameCacheDataset? = { _ in nil }
  ) throws {
    guard let file = try Self.weightFile(path) else {
      guard !options.areGiven, settings.allSatisfy({ $0.hasPrefix("input.") }) else {
        throw SpikeNetError(
          .configuration,
          "is a checkpoint of a run, which says itself what model it is of; leave out --model, -T, "
            + "--size and settings other than input.crop and input.downscale",
          path: path
        )
      }
      try self.init(CheckpointPath.result(of: path), settings)
      return
    }
    try self.init(file, ForeignModel(file, options, settings), like: cache)
  }

  private init(
    _ file: WeightFile,
    _ foreign: ForeignModel,
    like cache: (InputExpectation) throws -> FrameCacheDataset?
  ) throws {
    path = file.path
    configuration = try foreign.configuration()
    let cache = try cache(configuration.input)
    (model, data) = try foreign.model(configuration.model, like: cache)
    metadata = (cache?.notes ?? [:]).merging(file.metadata) { $1 }
  }

  /// Loads a checkpoint of a run; settings change what is read of frames.
  init(_ checkpoint: Checkpoint, _ settings: [String] = []) throws {
    path = checkpoint.path
    configuration = try TrainingConfiguration.resolved(
      settings.map { try ConfigurationText.setting($0) },
      base: checkpoint.configuration
    )
    data = checkpoint.data
    metadata = checkpoint.metadata
    model = try configuration.model.makeModel(for: data.input, seed: 0)
    try checkpoint.load(into: model)
  }

  /// The file, if it is one of another program.
  private static func weightFile(_ path: String) throws(SpikeNetError) -> WeightFile? {
    guard !CheckpointPath.isFolder(path) else { return nil }
    if !WeightFile.isTorchFile(path), Checkpoint.isCheckpoint(try Safetensors.read(path)) {
      return nil
    }
    return try WeightFile(path)
  }

  /// Puts the weights of a checkpoint, of a run or of another program, into a model.
  static func fill(_ model: any Model, from path: String) throws {
    if let file = try weightFile(path) {
      try file.load(into: model)
    } else {
      try CheckpointPath.result(of: path).load(into: model)
    }
  }

  /// What a file of weights needs to say so that it can be used like a checkpoint of a run.
  var description: [String: String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      var description: [String: String] = [:]
      description["config"] = String(decoding: try encoder.encode(configuration), as: UTF8.self)
      description["data"] = String(decoding: try encoder.encode(data), as: UTF8.self)
      for key in ["frames_recipe", "dataset"] { description[key] = metadata[key] }
      return description
    }
  }

  /// How the frames that the model was trained on were made; nil if nobody knows.
  var recipe: String? { metadata["frames_recipe"] }
}

/// The model that weights of another program are of.
struct ForeignModel {
  private let file: WeightFile
  private let options: CheckpointOptions
  private let settings: [String]

  init(_ file: WeightFile, _ options: CheckpointOptions, _ settings: [String]) {
    self.file = file
    self.options = options
    self.settings = settings
  }

  /// What defines the model: what the file says of itself, `--model`, and settings.
  func configuration() throws -> TrainingConfiguration {
    let saved = try value("config", as: TrainingConfiguration.self)
    guard options.model != nil || saved != nil else {
      throw SpikeNetError(
        .configuration,
        "says nothing about its model; name it with --model, as dvsprep models lists them",
        path: file.path
      )
    }
    var changes: [ConfigurationValue] = []
    if let name = options.model {
      changes.append(.section([]).setting(["model", "name"], to: .text(name)))
    }
    for setting in settings { changes.append(try ConfigurationText.setting(setting)) }
    return try TrainingConfiguration.resolved(changes, base: saved)
  }

  /// Builds the model, for what a cache or the file itself says that it takes, and fills it.
  func model(
    _ selection: ModelSelection,
    like cache: FrameCacheDataset?
  ) throws -> (any Model, DataDescription) {
    if let cache {
      let data = DataDescription(sampleShape: cache.sampleShape, classNames: cache.classNames)
      let model = try selection.makeModel(for: data.input, seed: 0)
      try file.load(into: model)
      return (model, data)
    }
    var input =
      try value("data", as: DataDescription.self)?.input
      ?? PublishedModel.input(of: selection.name)
    input.steps = options.steps ?? input.steps
    input.height = options.size ?? input.height
    input.width = options.size ?? input.width
    var model = try selection.makeModel(for: input, seed: 0)
    let (channels, classes) = ends(of: model)
    if channels != input.channels || classes != input.classes {
      (input.channels, input.classes) = (channels ?? input.channels, classes ?? input.classes)
      model = try selection.makeModel(for: input, seed: 0)
    }
    try file.load(into: model)
    return (model, try description(input))
  }

  private func description(_ input: ModelInput) throws -> DataDescription {
    let names = try value("data", as: DataDescription.self)?.classNames
    return DataDescription(
      sampleShape: [input.steps, input.height, input.width, input.channels],
      classNames: names?.count == input.classes ? names ?? [] : (0..<input.classes).map(String.init)
    )
  }

  /// The channels that the file's first convolution takes, and what its last layer gives.
  private func ends(of model: any Model) -> (channels: Int?, classes: Int?) {
    let weights = file.aligned(to: model.originalNames)
    let shapes = model.namedParameters.compactMap { name, _ in
      weights.shape(of: model.originalName(of: name))
    }
    let limit = 1 << 14
    let channels = shapes.first { $0.rank == 4 }?[1]
    let classes = shapes.last { $0.rank == 2 }?[0]
    return (
      channels.flatMap { (1...limit).contains($0) ? $0 : nil },
      classes.flatMap { (1...limit).contains($0) ? $0 : nil }
    )
  }

  private func value<Value: Decodable>(
    _ key: String,
    as type: Value.Type
  ) throws(SpikeNetError) -> Value? {
    guard let text = file.metadata[key] else { return nil }
    do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
      throw SpikeNetError(
        .corrupt,
        "the metadata \"\(key)\" cannot be understood: \(error)",
        path: file.path
      )
    }
  }
}
