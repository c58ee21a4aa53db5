import Foundation

/// All that a run knows, in one safetensors file.
///
/// Tensors `model.*` (parameters and buffers in torch's order of dimensions), `ema.*` (the same,
/// averaged over steps), `optimizer.*` (slots and step counts); metadata `config`, `data` and `progress` as JSON.
public struct Checkpoint: Sendable {
  /// The file.
  public let path: String
  /// What defined the run.
  public let configuration: TrainingConfiguration
  /// What the model takes and gives.
  public let data: DataDescription
  /// Where the run was.
  public let progress: TrainingProgress
  /// All text of the file by name.
  public let metadata: [String: String]
  private let file: Safetensors

  static let format = "dvsprep-checkpoint"
  static let formatVersion = "1"
  static let modelPrefix = "model."
  static let averagePrefix = "ema."
  static let optimizerPrefix = "optimizer."

  /// Reads a file.
  ///
  /// - Throws: ``SpikeNetError`` if it is damaged, or no checkpoint of a run.
  public static func read(_ path: String) throws(SpikeNetError) -> Checkpoint {
    let file = try Safetensors.read(path)
    do { return try Checkpoint(file, path) } catch { throw error.at(path) }
  }

  /// Whether a file is a checkpoint of a run.
  public static func isCheckpoint(_ file: Safetensors) -> Bool { file.metadata["format"] == format }

  private init(_ file: Safetensors, _ path: String) throws(SpikeNetError) {
    guard Self.isCheckpoint(file) else {
      throw SpikeNetError(
        .mismatch,
        "has tensors, but no configuration; expected a checkpoint that dvsprep train wrote"
      )
    }
    let version = file.metadata["format_version"] ?? "missing"
    guard version == Self.formatVersion else {
      throw SpikeNetError(
        .unsupported,
        "its format_version is \(version.prefix(20)), expected \(Self.formatVersion); a newer dvsprep may read it"
      )
    }
    self.file = file
    self.path = path
    metadata = file.metadata
    configuration = try Self.configuration(Self.json(file, "config"))
    data = try Self.json(file, "data")
    progress = try Self.json(file, "progress")
    try validate()
  }

  /// Keys that are younger than the file have their defaults.
  private static func configuration(
    _ saved: ConfigurationValue
  ) throws(SpikeNetError) -> TrainingConfiguration {
    let model = try (saved["model"] ?? .null).decoded(as: ModelSelection.self)
    let known = try ConfigurationValue(encoding: TrainingConfiguration(model: model))
    return try TrainingConfiguration(known.merging(saved.removing("model")))
  }

  private func validate() throws(SpikeNetError) {
    let classes = data.classNames.count
    let limit = 1 << 40
    let sizes = [data.steps, data.height, data.width, data.channels]
    guard sizes.allSatisfy({ (1...1 << 20).contains($0) }), classes > 0,
      (0...limit).contains(progress.epoch), (0...limit).contains(progress.step),
      (0...limit).contains(progress.totalSteps), progress.metrics.confusion.count == classes,
      progress.metrics.confusion.allSatisfy({ $0.count == classes })
    else { throw SpikeNetError(.corrupt, "its data or progress has impossible numbers") }
  }

  private static func json<Value: Decodable>(
    _ file: Safetensors,
    _ key: String
  ) throws(SpikeNetError) -> Value {
    guard let text = file.metadata[key] else {
      throw SpikeNetError(.corrupt, "the metadata \"\(key)\" is missing")
    }
    do {
      return try decoder.decode(Value.self, from: Data(text.utf8))
    } catch {
      throw SpikeNetError(.corrupt, "the metadata \"\(key)\" cannot be understood: \(error)")
    }
  }

  /// Whether the weights were averaged over steps.
  public var hasAverage: Bool { file.names.contains { $0.hasPrefix(Self.averagePrefix) } }

  /// Puts the saved values into a model.
  ///
  /// - Parameter averaged: Whether to take averaged weights where there are some.
  /// - Throws: ``SpikeNetError`` naming all missing, unexpected and mis-shaped tensors; the model
  ///   is unchanged then.
  public func load(into model: any Module, averaged: Bool = true) throws(SpikeNetError) {
    let prefix = averaged && hasAverage ? Self.averagePrefix : Self.modelPrefix
    do { try Self.load(file, prefix: prefix, into: model) } catch { throw error.at(path) }
  }

  /// Puts tensors whose names begin with `prefix` into a model.
  public static func load(
    _ file: any TensorSource,
    prefix: String,
    into model: any Module
  ) throws(SpikeNetError) {
    var tensors = StateTensors(file, prefix: prefix)
    try tensors.fill(model)
  }

  /// Puts the saved slots and step counts into an optimizer.
  public func load(into optimizer: inout OptimizerState) throws(SpikeNetError) {
    do { try optimizer.load(StateTensors(file, prefix: Self.optimizerPrefix)) } catch {
      throw error.at(path)
    }
  }

  static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf",
      negativeInfinity: "-inf",
      nan: "nan"
    )
    return decoder
  }()

  /// Numbers keep all their digits; sorted, so that equal values give equal files.
  static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf",
      negativeInfinity: "-inf",
      nan: "nan"
    )
    return encoder
  }()
}
