import Foundation
import SpikeNet
import Testing
import _TestSupport

/// Every published configuration: parameters to the last one, names, shapes and operations.
@Suite struct PublishedModelTests {
  private static func make(
    _ published: PublishedModel,
    _ input: ModelInput? = nil
  ) throws -> any Model {
    var generator = SeededGenerator(seed: 1)
    return try published.configuration.makeModel(for: input ?? published.input, using: &generator)
  }

  /// Parameters that the authors' code builds, and that it uses.
  private static let parameters: [(name: String, built: Int, live: Int)] = [
    ("spikingformer-2-256", 2_568_971, 2_568_971 - 2 * 4 * 256),
    ("spikingformer-4-256", 4_156_202, 4_156_202 - 4 * 4 * 256),
    ("spikingformer-2-384", 5_765_818, 5_765_818 - 2 * 4 * 384),
    ("spikingformer-4-384", 9_326_266, 9_326_266 - 4 * 4 * 384),
    ("spikingformer-8-384", 16_828_312, 16_828_312 - 8 * 4 * 384),
    ("spikingformer-8-512", 29_705_768, 29_705_768 - 8 * 4 * 512),
    ("spikingformer-8-768", 66_363_208, 66_363_208 - 8 * 4 * 768),
    ("spikformer-2-256", 2_585_867, 2_585_867 - 64 * 256 - (2 * 4 + 2) * 256),
    ("spikformer-4-384", 9_330_874, 9_330_874 - 4 * 4 * 384),
    ("spikformer-8-384", 16_828_312, 16_828_312 - 8 * 4 * 384),
    ("spikformer-8-512", 29_705_768, 29_705_768 - 8 * 4 * 512),
    ("spikformer-8-768", 66_363_208, 66_363_208 - 8 * 4 * 768),
    ("sdt-2-256", 2_567_051, 2_567_051 - 2 * 64),
    ("sdt-2-256-cifar10-dvs", 2_566_794, 2_566_794 - 2 * 64),
    ("sdt-2-256-cifar10", 2_567_082, 2_567_082 - 2 * 64),
    ("sdt-2-512", 10_233_546, 10_233_546 - 2 * 64),
    ("sdt-8-384", 16_816_536, 16_816_536 - 8 * 64),
    ("sdt-6-512", 23_373_736, 23_373_736 - 6 * 64),
    ("sdt-8-512", 29_689_896, 29_689_896 - 8 * 64),
    ("sdt-10-512", 36_006_056, 36_006_056 - 10 * 64),
    ("sdt-8-768", 66_339_144, 66_339_144 - 8 * 64),
    ("spikeformer-7-256", 9_279_900, 9_279_900),
    ("spikeformer-7-256-cifar10-dvs", 8_792_993, 8_792_993),
    ("spikeformer-7-512", 39_320_836, 39_320_836),
    ("csnn", 35_886, 35_886),
    ("resnet18", 11_173_962, 11_173_962),
    ("vit", 2_693_578, 2_693_578),
  ]

  @Test(arguments: parameters)
  func parametersAreThosePublished(_ expected: (name: String, built: Int, live: Int)) throws {
    let model = try Self.make(try #require(PublishedModel.named(expected.name)))
    #expect(model.builtParameterCount == expected.built)
    #expect(model.parameterCount == expected.live)
  }

  /// Two operations a multiply-add, of one sample and all its time steps.
  private static let operations: [(name: String, billions: String)] = [
    ("spikingformer-2-256", "12.11"), ("spikformer-2-256", "12.11"), ("sdt-2-256", "47.0"),
    ("sdt-2-256-cifar10-dvs", "24.7"), ("spikingformer-4-256", "3.35"),
    ("spikingformer-2-384", "5.61"), ("spikingformer-4-384", "7.47"),
    ("spikformer-4-384", "7.47"), ("spikformer-8-512", "66.9"), ("spikingformer-8-512", "66.9"),
    ("sdt-2-512", "9.88"), ("sdt-2-256-cifar10", "2.47"), ("sdt-8-512", "66.1"),
    ("spikeformer-7-256", "111.5"), ("spikeformer-7-256-cifar10-dvs", "26.4"), ("csnn", "0.058"),
    ("resnet18", "1.11"),
  ]

  @Test(arguments: operations)
  func operationsAreThosePublished(_ expected: (name: String, billions: String)) throws {
    let published = try #require(PublishedModel.named(expected.name))
    let layers = try Self.make(published).layers(for: published.input)
    let billions = 2 * Double(layers.reduce(0) { $0 + $1.multiplyAdds }) / 1e9
    let decimals = expected.billions.split(separator: ".").last?.count ?? 0
    #expect(String(format: "%.\(decimals)f", billions) == expected.billions, "\(billions)")
  }

  @Test(arguments: PublishedModel.all.map(\.name))
  func layersHoldNoMoreThanTheModel(_ name: String) throws {
    let published = try #require(PublishedModel.named(name))
    let model = try Self.make(published)
    let layers = model.layers(for: published.input)
    let names = layers.map(\.name)
    #expect(Set(names).count == names.count && !names.contains(""))
    #expect(layers.reduce(0) { $0 + $1.parameters } <= model.parameterCount)
    #expect(layers.last?.output.channels == published.input.classes)
  }

  @Test(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
  func everyManifestIsCompared() {
    #expect(FullSizeManifest.all.count == 10)
  }

  /// Names and shapes of everything that the authors' code builds at full size.
  @Test(
    .enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)),
    arguments: FullSizeManifest.all
  )
  func namesAndShapesAreThoseOfTheOriginal(_ manifest: FullSizeManifest) throws {
    let published = try #require(PublishedModel.named(manifest.model))
    let classes = try #require(manifest.entries[manifest.head]?.first)
    var input = published.input
    input.classes = classes
    let model = try Self.make(published, input)
    var ours: [String: [Int]] = [:]
    for (name, parameter) in model.namedParameters {
      let shape = parameter.layout.exportedShape(of: parameter.value.shape)
      ours[model.originalName(of: name)] = shape.dimensions
    }
    for (name, buffer) in model.namedBuffers {
      ours[model.originalName(of: name)] = buffer.value.shape.dimensions
    }
    for unused in model.unusedParameters { ours[unused.name] = unused.shape.dimensions }
    #expect(ours == manifest.entries)
    #expect(model.builtParameterCount == manifest.parameters)
  }
}

/// One entry of `fullsize_manifests.json`: what torch saves of a model.
struct FullSizeManifest: Sendable, CustomTestStringConvertible {
  /// The published name.
  let model: String
  /// The name of the last layer's weights.
  let head: String
  /// The number of parameters.
  let parameters: Int
  /// Shapes by name, without counters of batches and snnTorch's constants.
  let entries: [String: [Int]]

  var testDescription: String { model }

  private static let names = [
    "spikingformer_2_256_dvs128": ("spikingformer-2-256", "head.weight"),
    "spikformer_2_256_dvs": ("spikformer-2-256", "head.weight"),
    "sdt_2_256_gesture": ("sdt-2-256", "head.weight"),
    "spikingformer_4_384_cifar10": ("spikingformer-4-384", "head.weight"),
    "spikformer_4_384_cifar10": ("spikformer-4-384", "head.weight"),
    "sdt_2_512_cifar10": ("sdt-2-512", "head.weight"),
    "li_7_5x3x1_gesture": ("spikeformer-7-256", "model.head.weight"),
    "csnn_nmnist": ("csnn", "m.7.weight"),
    "resnet18_cifar": ("resnet18", "fc.weight"),
    "small_vit_p4_192x6": ("vit", "head.weight"),
  ]

  static let all: [FullSizeManifest] = {
    let path = GoldenNetworks.path("fullsize_manifests.json")
    guard let data = FileManager.default.contents(atPath: path),
      let models = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
    else { return [] }
    return models.compactMap { key, content in
      names[key].map { FullSizeManifest(model: $0.0, head: $0.1, content) }
    }
  }()

  private static let constants = [
    "num_batches_tracked", "threshold", "graded_spikes_factor", "reset_mechanism_val", "beta",
  ]

  private init(model: String, head: String, _ content: [String: Any]) {
    self.model = model
    self.head = head
    parameters = content["params"] as? Int ?? 0
    var entries: [String: [Int]] = [:]
    for entry in content["entries"] as? [[String: Any]] ?? [] {
      guard let name = entry["name"] as? String, let shape = entry["shape"] as? [Int],
        !Self.constants.contains(where: { name.hasSuffix(".\($0)") })
      else { continue }
      entries[name] = shape
    }
    self.entries = entries
  }
}
