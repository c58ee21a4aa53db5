import Foundation
import SpikeNet
import Testing
import _TestSupport

/// What is written of a model, against what the authors' programs save of theirs at full size.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct OriginalTensorsTests {
  private struct Manifest: Decodable {
    struct Entry: Decodable {
      var name: String
      var shape: [Int]
      var dtype: String
    }
    var entries: [Entry]
  }

  @Test(
    arguments: [
      ("spikingformer_2_256_dvs128", "spikingformer-2-256"),
      ("spikingformer_4_384_cifar10", "spikingformer-4-384"),
      ("spikformer_2_256_dvs", "spikformer-2-256"),
      ("spikformer_4_384_cifar10", "spikformer-4-384"),
      ("sdt_2_256_gesture", "sdt-2-256"), ("sdt_2_512_cifar10", "sdt-2-512"),
      ("li_7_5x3x1_gesture", "spikeformer-7-256"), ("csnn_nmnist", "csnn"),
      ("resnet18_cifar", "resnet18"), ("small_vit_p4_192x6", "vit"),
    ]
  )
  func namesShapesAndTypesAreTheAuthors(_ name: String, _ model: String) throws {
    let manifests = try GoldenNetworks.json(
      "fullsize_manifests.json",
      as: [String: Manifest].self
    )
    let entries = try #require(manifests[name]?.entries)
    var input = PublishedModel.input(of: model)
    input.classes = try #require(entries.last { $0.shape.count == 2 }?.shape.first)
    let network = try ModelSelection(defaultsOf: model).makeModel(for: input, seed: 0)
    let ours = Dictionary(
      uniqueKeysWithValues: network.originalTensors.map { ($0.name, $0.content) }
    )
    #expect(Set(ours.keys) == Set(entries.map(\.name)))
    for entry in entries {
      let content = try #require(ours[entry.name])
      #expect(content.shape.dimensions == entry.shape, "\(entry.name)")
      if case .integers = content {
        #expect(entry.dtype == "int64", "\(entry.name)")
      } else {
        #expect(entry.dtype == "float32", "\(entry.name)")
      }
    }
  }
}
