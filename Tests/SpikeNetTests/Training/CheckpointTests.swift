import Foundation
import SpikeNet
import Testing
import _TestSupport

struct CheckpointTests {
  private let input = NoiseDataset().data.description

  /// A checkpoint after one epoch; returns the trained model.
  private func train(in folder: TemporaryFolder) throws -> (TinyModel, RunDirectory) {
    let directory = RunDirectory(folder.path)
    try directory.create()
    let model = TinyModel(input)
    let trainer = try Trainer(
      model,
      .tiny(epochs: 1),
      data: NoiseDataset().data,
      directory: directory
    )
    trainer.notes["recipe"] = "{}"
    _ = try trainer.run()
    return (model, directory)
  }

  @Test func loadedModelEqualsTheSavedOne() throws {
    let folder = try TemporaryFolder()
    let (model, directory) = try train(in: folder)
    let checkpoint = try Checkpoint.read(directory.last)
    let other = TinyModel(input, seed: 5)
    #expect(state(of: other) != state(of: model))
    try checkpoint.load(into: other)
    #expect(state(of: other) == state(of: model))
    #expect(checkpoint.data == input)
    #expect(checkpoint.configuration == .tiny(epochs: 1))
    #expect(checkpoint.progress.history.count == 1)
    #expect(checkpoint.metadata["recipe"] == "{}")
  }

  @Test func weightsAreInTorchsOrder() throws {
    let folder = try TemporaryFolder()
    let (_, directory) = try train(in: folder)
    let file = try Safetensors.read(directory.last)
    #expect(file["model.convolution.weight"]?.shape == [8, 2, 3, 3])
    #expect(file["model.head.weight"]?.shape == [3, 8])
    #expect(file["optimizer.convolution.weight.exp_avg_sq"]?.shape == [8, 2, 3, 3])
    #expect(try file.integers("optimizer.head.bias.step") == [5])
  }

  @Test func misfitsAreNamedTogether() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    try Safetensors.write(
      [
        ("model.convolution.weight", .tensor(.zeros([9, 2, 3, 3]))),
        ("model.extra", .tensor(.zeros([1]))), ("other", .tensor(.zeros([1]))),
      ],
      to: path
    )
    let model = TinyModel(input)
    let before = state(of: model)
    let error = #expect(throws: SpikeNetError.self) {
      try Checkpoint.load(Safetensors.read(path), prefix: "model.", into: model)
    }
    let reason = try #require(error?.reason)
    #expect(error?.kind == .mismatch)
    #expect(reason.contains("missing (6): norm.weight") || reason.contains("missing (6): norm."))
    #expect(reason.contains("unexpected (1): extra"))
    #expect(reason.contains("convolution.weight is [9, 2, 3, 3], expected [8, 2, 3, 3]"))
    #expect(!reason.contains("other,"))
    #expect(state(of: model) == before)
  }

  @Test func fileWithoutConfigurationIsNoCheckpoint() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    try Safetensors.write([("model.x", .tensor(.ones([1])))], to: path)
    let error = #expect(throws: SpikeNetError.self) { try Checkpoint.read(path) }
    #expect(error?.kind == .mismatch)
  }

  @Test(arguments: [
    ("progress", "{}"), ("progress", "x"), ("config", "[]"), ("data", "{}"),
    ("data", #"{"steps":9e99,"height":1,"width":1,"channels":1,"class_names":["a"]}"#),
    ("data", #"{"steps":-1,"height":1,"width":1,"channels":1,"class_names":["a","b","c"]}"#),
  ])
  func strangeMetadataIsRefused(_ key: String, _ text: String) throws {
    let folder = try TemporaryFolder()
    let (_, directory) = try train(in: folder)
    let file = try Safetensors.read(directory.last)
    var metadata = file.metadata
    metadata[key] = text
    let path = folder.file("changed.safetensors")
    try Safetensors.write([], metadata: metadata, to: path)
    let error = #expect(throws: SpikeNetError.self) { try Checkpoint.read(path) }
    #expect(error?.path == path)
  }

  @Test func confusionOfAnotherSizeIsRefused() throws {
    let folder = try TemporaryFolder()
    let (_, directory) = try train(in: folder)
    var metadata = try Safetensors.read(directory.last).metadata
    metadata["progress"] = metadata["progress"]?
      .replacingOccurrences(of: "[[0,0,0],[0,0,0],[0,0,0]]", with: "[[0],[0],[0]]")
    #expect(metadata["progress"]?.contains("[[0],[0],[0]]") == true)
    let path = folder.file("changed.safetensors")
    try Safetensors.write([], metadata: metadata, to: path)
    #expect(throws: SpikeNetError.self) { try Checkpoint.read(path) }
  }

  @Test func otherModelSizeDoesNotLoad() throws {
    let folder = try TemporaryFolder()
    let (_, directory) = try train(in: folder)
    let error = #expect(throws: SpikeNetError.self) {
      try Checkpoint.read(directory.last).load(into: TinyModel(input, channels: 9))
    }
    #expect(error?.path == directory.last)
  }
}
