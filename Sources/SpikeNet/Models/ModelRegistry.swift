/// What a model reads: the shape of a batch's samples, and how many classes it tells apart.
public struct ModelInput: Hashable, Codable, Sendable {
  /// Time steps T.
  public var steps: Int
  /// Rows of a frame.
  public var height: Int
  /// Columns of a frame.
  public var width: Int
  /// Channels of a frame: 2 for events, 3 for colour images.
  public var channels: Int
  /// The number of classes.
  public var classes: Int

  /// Describes an input.
  public init(steps: Int, height: Int, width: Int, channels: Int, classes: Int) {
    self.steps = steps
    self.height = height
    self.width = width
    self.channels = channels
    self.classes = classes
  }
}

/// Everything that defines one kind of model; decoded from configuration files by snake-case keys.
public protocol ModelConfiguration: Codable, Hashable, Sendable {
  /// The name by which users choose the model.
  static var modelName: String { get }

  /// The defaults.
  init()

  /// Builds the model with fresh weights.
  ///
  /// - Throws: ``SpikeNetError`` if the model cannot read such input.
  func makeModel(for input: ModelInput, using generator: inout SeededGenerator) throws -> any Model
}

/// The models that can be trained, by name.
public enum ModelRegistry {
  /// The configuration of every kind of model.
  public static let all: [any ModelConfiguration.Type] = [
    Spikingformer.Configuration.self,
    Spikformer.Configuration.self,
    SpikeDrivenTransformer.Configuration.self,
    Spikeformer.Configuration.self,
    SpikingCNN.Configuration.self,
    ResNet18.Configuration.self,
    VisionTransformer.Configuration.self,
    ConvolutionalNetwork.Configuration.self,
  ]

  /// The names of all models.
  public static var names: [String] { all.map { $0.modelName } }

  /// The configuration type of a model; nil for an unknown name.
  public static func configuration(named name: String) -> (any ModelConfiguration.Type)? {
    all.first { $0.modelName == name }
  }
}
