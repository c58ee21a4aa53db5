/// A configuration that a paper published results with, by the paper's name for it.
public struct PublishedModel: Sendable {
  /// Such as `spikingformer-2-256`: blocks and channels.
  public let name: String
  /// The configuration.
  public let configuration: any ModelConfiguration
  /// What the published network read.
  public let input: ModelInput

  /// Every published configuration, by family.
  public static let all: [PublishedModel] =
    spikingformers + spikformers + spikeDrivenTransformers + spikeformers + others

  /// The published configuration of a name; nil for an unknown one.
  public static func named(_ name: String) -> PublishedModel? { all.first { $0.name == name } }

  /// What Spikingformer and Spikformer were both published in.
  private static let commonSizes: [(depth: Int, width: Int, heads: Int, input: ModelInput)] = [
    (2, 256, 16, .gesture),
    (4, 256, 8, .cifar10), (2, 384, 12, .cifar10), (4, 384, 12, .cifar10),
    (8, 384, 8, .imageNet), (8, 512, 8, .imageNet), (8, 768, 12, .imageNet),
  ]

  private static let spikingformers = commonSizes.map { size in
    var configuration = Spikingformer.Configuration()
    configuration.depth = size.depth
    configuration.embedDim = size.width
    configuration.heads = size.heads
    configuration.tokenizer = size.input == .cifar10 ? .images : .events
    configuration.neuron.tau = size.input == .gesture ? 1.5 : 2
    return PublishedModel(
      name: "spikingformer-\(size.depth)-\(size.width)",
      configuration: configuration,
      input: size.input
    )
  }

  private static let spikformers = commonSizes.map { size in
    var configuration = Spikformer.Configuration()
    configuration.depth = size.depth
    configuration.embedDim = size.width
    configuration.heads = size.heads
    configuration.variant =
      size.input == .gesture ? .events : size.input == .cifar10 ? .cifar : .imagenet
    return PublishedModel(
      name: "spikformer-\(size.depth)-\(size.width)",
      configuration: configuration,
      input: size.input
    )
  }

  private static let spikeDrivenTransformers: [PublishedModel] =
    [
      spikeDriven(2, 256, pools: "0111", .gesture),
      spikeDriven(2, 256, pools: "0011", .cifar10DVS, suffix: "-cifar10-dvs", erode: true),
      spikeDriven(2, 256, pools: "0011", .cifar10, suffix: "-cifar10"),
      spikeDriven(2, 512, pools: "0011", .cifar10),
    ]
    + [(8, 384), (6, 512), (8, 512), (10, 512), (8, 768)].map { depth, width in
      spikeDriven(
        depth,
        width,
        pools: "1111",
        .imageNet
      )
    }

  private static func spikeDriven(
    _ depth: Int,
    _ width: Int,
    pools: String,
    _ input: ModelInput,
    suffix: String = "",
    erode: Bool = false
  ) -> PublishedModel {
    var configuration = SpikeDrivenTransformer.Configuration()
    configuration.depth = depth
    configuration.embedDim = width
    configuration.heads = 8
    configuration.poolingStat = pools
    configuration.erode = erode
    configuration.lossPerStep = erode
    return PublishedModel(
      name: "sdt-\(depth)-\(width)\(suffix)",
      configuration: configuration,
      input: input
    )
  }
}

extension PublishedModel {
  private static let spikeformers = [
    PublishedModel(
      name: "spikeformer-7-256",
      configuration: Spikeformer.Configuration(),
      input: .gesture
    ),
    spikeformer(
      "spikeformer-7-256-cifar10-dvs",
      ModelInput(steps: 4, height: 128, width: 128, channels: 2, classes: 10)
    ),
    spikeformer("spikeformer-7-512", .imageNet) { configuration in
      configuration.embedDim = 512
      configuration.heads = 8
      configuration.mlpRatio = 3
      configuration.stages = 4
      configuration.neuron.kind = .analogParametricLeaky
    },
  ]

  /// A Spikeformer with two blocks of 3×3 windows to a stage.
  private static func spikeformer(
    _ name: String,
    _ input: ModelInput,
    _ change: (inout Spikeformer.Configuration) -> Void = { _ in }
  ) -> PublishedModel {
    var configuration = Spikeformer.Configuration()
    configuration.kernel = 3
    configuration.blocksPerStage = 2
    change(&configuration)
    return PublishedModel(name: name, configuration: configuration, input: input)
  }

  /// The convolutional network of the tutorials, and what spiking networks are compared with.
  private static let others = [
    PublishedModel(name: "csnn", configuration: SpikingCNN.Configuration(), input: .nMNIST),
    PublishedModel(name: "resnet18", configuration: ResNet18.Configuration(), input: .cifar10),
    PublishedModel(name: "vit", configuration: VisionTransformer.Configuration(), input: .cifar10),
    PublishedModel(
      name: "cnn",
      configuration: ConvolutionalNetwork.Configuration(),
      input: .cifar10
    ),
  ]

  /// What a name's model reads unless something else is said: the published input, for an
  /// architecture string that of `csnn`, else DVS128 Gesture.
  public static func input(of name: String) -> ModelInput {
    if let published = named(name) { return published.input }
    return LayerString.isArchitecture(name) ? .nMNIST : .gesture
  }
}

extension ModelInput {
  /// DVS128 Gesture in 16 frames.
  public static let gesture = ModelInput(
    steps: 16,
    height: 128,
    width: 128,
    channels: 2,
    classes: 11
  )
  /// N-MNIST in 10 frames.
  static let nMNIST = ModelInput(steps: 10, height: 34, width: 34, channels: 2, classes: 10)
  /// CIFAR10-DVS at half its size in 10 frames.
  static let cifar10DVS = ModelInput(steps: 10, height: 64, width: 64, channels: 2, classes: 10)
  /// CIFAR-10, each image shown 4 times.
  static let cifar10 = ModelInput(steps: 4, height: 32, width: 32, channels: 3, classes: 10)
  /// ImageNet, each image shown 4 times.
  static let imageNet = ModelInput(steps: 4, height: 224, width: 224, channels: 3, classes: 1000)
}
