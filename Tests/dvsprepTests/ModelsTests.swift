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

  @Test func jsonHasWhatCanBeSet() throws {
    let result = try ProgramRun("models", "csnn", "--json")
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
    )
    #expect(list.count == 1)
    // 12·(2·25 + 1) + 64·(12·25 + 1) + 11·(29·29·64 + 1)
    #expect(list[0]["parameters"] as? Int == 611_951)
    let config = try #require(list[0]["config"] as? [String: Any])
    #expect(config["architecture"] as? String == "12C5-MP2-64C5-MP2-FC10")
  }

  @Test func oneModelShowsItsKeysAndTensors() throws {
    let result = try ProgramRun("models", "csnn")
    #expect(result.output.contains("  architecture: 12C5-MP2-64C5-MP2-FC10"))
    #expect(result.output.contains("stages.0.convolution.weight  [12, 2, 5, 5]"))
  }

  @Test func unknownModelIsRefused() throws {
    let result = try ProgramRun("models", "spikingforme")
    #expect(result.status == 64)
    #expect(result.errors.contains("did you mean spikingformer?"))
  }
}
