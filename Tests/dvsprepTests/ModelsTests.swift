import Foundation
import Testing
import _TestSupport

struct ModelsTests {
  @Test func everyModelIsListed() throws {
    let result = try ProgramRun("models")
    #expect(result.status == 0)
    #expect(result.output.contains("spikingformer"))
    #expect(result.output.contains("csnn"))
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func listsAreOneObject() throws {
    for (command, key) in [("models", "models"), ("recipes", "recipes")] {
      let list = try object(ProgramRun(command, "--json").output)[key] as? [[String: Any]]
      let names = try #require(list).compactMap { $0["name"] as? String }
      #expect(names.count >= 19 && names.count == list?.count)
    }
  }

  @Test func jsonHasWhatCanBeSet() throws {
    let result = try ProgramRun("models", "csnn", "--json")
    let model = try object(result.output)
    #expect(model["parameters"] as? Int == 35_886)
    #expect(model["parameters_as_built"] as? Int == 35_886)
    let config = try #require(model["config"] as? [String: Any])
    #expect(config["architecture"] as? String == "12C5-MP2-64C5-MP2-FC10")
  }

  @Test func oneModelShowsItsKeysAndTensors() throws {
    let result = try ProgramRun("models", "csnn")
    #expect(result.output.contains("  architecture: 12C5-MP2-64C5-MP2-FC10"))
    #expect(result.output.contains("35,886 parameters"))
    #expect(result.output.contains(#/stages\.0\.convolution +5x5 convolution +10×30×30×12 +612 /#))
  }

  @Test func listHasPublishedSizesAndOperations() throws {
    let result = try ProgramRun("models")
    #expect(
      result.output.contains(
        #/spikingformer-4-384 +9320122 +9326266 +7\.47 +4 +3×32×32 +10\n/#
      )
    )
    #expect(result.output.contains(#/spikeformer-7-256 +9279900 +9279900 +111\.[45]\d +16 /#))
    #expect(result.output.contains(#/resnet18 +11173962 +11173962 +1\.11 /#))
  }

  /// 16 · 2 · 16 heads · 2 · 64² · 16 multiply-adds in the attentions of one block: 33.554432 M.
  @Test func layersAddUpToTheModel() throws {
    let result = try ProgramRun("models", "spikingformer-2-256", "--json")
    let model = try object(result.output)
    let layers = try #require(model["layers"] as? [[String: Any]])
    let sum = layers.reduce(0) { $0 + ($1["multiply_adds"] as? Int ?? 0) }
    #expect(sum == model["multiply_adds"] as? Int)
    let parameters = layers.reduce(0) { $0 + ($1["parameters"] as? Int ?? 0) }
    #expect(parameters == model["parameters"] as? Int)
    let attention = try #require(layers.first { $0["kind"] as? String == "attention" })
    #expect(attention["multiply_adds"] as? Int == 33_554_432)
    #expect(attention["reads_spikes"] as? Bool == true)
    #expect(attention["tokens"] as? Int == 64)
    let unused = try #require(model["unused"] as? [[String: Any]])
    #expect(unused.count == 8)
  }

  @Test func layersOfAStringAndOfAFileArePrinted() throws {
    let string = try ProgramRun("models", "4C3-MP2-FC10", "--size", "8", "-T", "2")
    #expect(string.status == 0)
    #expect(string.output.contains("4C3-MP2-FC10: 446 parameters"))
    let folder = try TemporaryFolder()
    let path = folder.file("model.yaml")
    try "model:\n  name: vit\n  depth: 1\n".write(toFile: path, atomically: true, encoding: .utf8)
    let file = try ProgramRun("models", path, "model.heads=2")
    #expect(file.status == 0)
    #expect(file.output.contains("2 heads of 96"))
    #expect(file.output.contains("classToken  [1, 1, 192]"))
  }

  @Test(arguments: [["--size", "0"], ["--classes", "99999999"], ["model.depth=-1"]])
  func impossibleSizesAreRefused(_ arguments: [String]) throws {
    let result = try ProgramRun(["models", "vit"] + arguments)
    #expect(result.status == 64)
  }

  @Test func unknownModelIsRefused() throws {
    let result = try ProgramRun("models", "spikingforme")
    #expect(result.status == 64)
    #expect(result.errors.contains("did you mean spikingformer?"))
  }
}
