/// A configuration that a paper published results with, by the paper's name for it.
public struct PublishedModel: Sendable {
  /// Such as `spikingformer-2-256`: blocks and channels.
  public let name: String
  /// The configuration.
  public let configuration: any ModelConfiguration
  /// What the published network read.
  public let input: ModelInput

  /// Every published configuration, by family.
  public static let all: [PublishedModel] = spikingformers + spikformers + spikeDrivenTransformers

  /// The published configuration of a name; nil for an unknown one.
  public static func named(_ name: String) -> PublishedModel? { all.first { $0.name == name } }

  private static let spikingformers: [PublishedModel] =
    [spikingformer(2, 256, .events, heads: 16, .gesture)]
    + [(4, 256, 8), (2, 384, 12), (4, 384, 12)].map { depth, width, heads in
      spikingformer(depth, width, .images, heads: heads, .cifar10)
    }
    + [(384, 8), (512, 8), (768, 12)].map { width, heads in
      spikingformer(8, width, .events, heads: heads, .imageNet)
    }

  private static func spikingformer(
    _ depth: Int,
    _ width: Int,
    _ tokenizer: Spikingformer.TokenizerKind,
    heads: Int,
    _ input: ModelInput
  ) -> PublishedModel {
    var configuration = Spikingformer.Configuration()
    configuration.depth = depth
    configuration.embedDim = width
    configuration.tokenizer = tokenizer
    configuration.heads = heads
    configuration.neuron.tau = input.channels == 2 ? 1.5 : 2
    return PublishedModel(
      name: "spikingformer-\(depth)-\(width)",
      configuration: configuration,
      input: input
    )
  }

  private static let spikformers: [PublishedModel] =
    [spikformer(2, 256, .events, heads: 16, .gesture)]
    + [(4, 256, 8), (2, 384, 12), (4, 384, 12)].map { depth, width, heads in
      spikformer(depth, width, .cifar, heads: heads, .cifar10)
    }
    + [(384, 8), (512, 8), (768, 12)].map { width, heads in
      spikformer(8, width, .imagenet, heads: heads, .imageNet)
    }

  private static func spikformer(
    _ depth: Int,
    _ width: Int,
    _ variant: Spikformer.Variant,
    heads: Int,
    _ input: ModelInput
  ) -> PublishedModel {
    var configuration = Spikformer.Configuration()
    configuration.depth = depth
    configuration.embedDim = width
    configuration.variant = variant
    configuration.heads = heads
    return PublishedModel(
      name: "spikformer-\(depth)-\(width)",
      configuration: configuration,
      input: input
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
    configuration.heads = width / 64
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

extension ModelInput {
  /// DVS128 Gesture in 16 frames.
  public static let gesture = ModelInput(
    steps: 16,
    height: 128,
    width: 128,
    channels: 2,
    classes: 11
  )
  /// CIFAR10-DVS at half its size in 10 frames.
  static let cifar10DVS = ModelInput(steps: 10, height: 64, width: 64, channels: 2, classes: 10)
  /// CIFAR-10, each image shown 4 times.
  static let cifar10 = ModelInput(steps: 4, height: 32, width: 32, channels: 3, classes: 10)
  /// ImageNet, each image shown 4 times.
  static let imageNet = ModelInput(steps: 4, height: 224, width: 224, channels: 3, classes: 1000)
}
