import Foundation

extension Checkpoint {
  /// What a checkpoint holds besides tensors.
  public struct Description: Sendable {
    /// What defined the run.
    public var configuration: TrainingConfiguration
    /// What the model takes and gives.
    public var data: DataDescription
    /// Where the run is.
    public var progress: TrainingProgress
    /// Further text by name, such as how frames were made.
    public var notes: [String: String] = [:]

    fileprivate var metadata: [String: String] {
      get throws {
        var metadata = notes
        metadata["format"] = Checkpoint.format
        metadata["format_version"] = Checkpoint.formatVersion
        metadata["config"] = try Self.json(configuration)
        metadata["data"] = try Self.json(data)
        metadata["progress"] = try Self.json(progress)
        return metadata
      }
    }

    private static func json(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
  }

  /// Writes a checkpoint, whole or not at all.
  public static func write(
    _ description: Description,
    model: any Module,
    optimizer: OptimizerState,
    average: WeightAverage? = nil,
    to path: String
  ) throws(SpikeNetError) {
    let metadata: [String: String]
    do { metadata = try description.metadata } catch {
      throw SpikeNetError(.inputOutput, "cannot be encoded: \(error)", path: path)
    }
    let weights = tensors(of: model, prefix: modelPrefix)
    let averaged = average?.swapped(into: model) { tensors(of: model, prefix: averagePrefix) }
    try Safetensors.write(
      weights + (averaged ?? []) + optimizer.tensors(prefix: optimizerPrefix),
      metadata: metadata,
      to: path
    )
  }

  private static func tensors(
    of model: any Module,
    prefix: String
  ) -> [(name: String, content: Safetensors.Content)] {
    model.namedParameters.map { (prefix + $0.name, .tensor($0.parameter.exported)) }
      + model.namedBuffers.map { (prefix + $0.name, .tensor($0.buffer.value)) }
  }
}
