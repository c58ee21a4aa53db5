/// A data set and its division into parts.
public struct TrainingData: Sendable {
  /// All samples.
  public var dataset: any Dataset
  /// The samples that are learned from.
  public var training: [Int]
  /// The samples that choose the best epoch; may be empty.
  public var validation: [Int]
  /// The samples that the result is measured on; may be empty.
  public var test: [Int]

  /// Divides a data set.
  public init(_ dataset: any Dataset, training: [Int], validation: [Int] = [], test: [Int]) {
    self.dataset = dataset
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// The shape of a sample and the classes.
  public var description: DataDescription {
    DataDescription(sampleShape: dataset.sampleShape, classNames: dataset.classNames)
  }
}

/// The shape of a sample and the classes: what a model for this data takes and gives.
public struct DataDescription: Codable, Hashable, Sendable {
  /// Time steps, T.
  public var steps: Int
  /// Rows of a frame, H.
  public var height: Int
  /// Columns of a frame, W.
  public var width: Int
  /// Channels of a frame, C: 2 for OFF and ON.
  public var channels: Int
  /// The names of the classes in the order of the logits.
  public var classNames: [String]

  enum CodingKeys: String, CodingKey {
    case steps, height, width, channels
    case classNames = "class_names"
  }

  /// What a model for this data is built for.
  public var input: ModelInput {
    ModelInput(
      steps: steps,
      height: height,
      width: width,
      channels: channels,
      classes: classNames.count
    )
  }

  /// Describes samples `[T, H, W, C]`.
  public init(sampleShape: Shape, classNames: [String]) {
    precondition(sampleShape.rank == 4, "data description: samples \(sampleShape)")
    steps = sampleShape[0]
    height = sampleShape[1]
    width = sampleShape[2]
    channels = sampleShape[3]
    self.classNames = classNames
  }
}

extension DataDescription: CustomStringConvertible {
  /// Shape and classes, such as `16 frames of 128×128 with 2 channels, 11 classes`.
  public var description: String {
    "\(steps) frames of \(width)×\(height) with \(channels) channels, \(classNames.count) classes"
  }
}
