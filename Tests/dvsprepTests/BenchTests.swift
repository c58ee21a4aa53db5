import Foundation
import Testing
import _TestSupport

struct BenchTests {
  private static let small = [
    "--model", "spikformer", "--size", "32", "-T", "4", "--batch", "2",
    "--repeats", "3", "--json", "model.embed_dim=64", "model.depth=1",
  ]

  private static func bench(_ arguments: String...) throws -> [String: Any] {
    let result = try ProgramRun(["bench"] + arguments + small)
    #expect(result.status == 0, "\(result.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    )
  }

  @Test(arguments: ["train", "infer"], ["1", "2", "7"])
  func stepsAfterTheFirstAllocateNothing(_ kind: String, _ threads: String) throws {
    let report = try Self.bench(kind, "--warm-up", "1", "--threads", threads)
    #expect(report["allocations"] as? Int == 0)
    #expect((report["seconds"] as? [Double])?.count == 3)
    let rates = try #require(report["firing_rate"] as? [String: Double])
    #expect(rates.values.contains { $0 > 0.01 } && rates.values.allSatisfy { $0 < 1 })
  }

  @Test func operationsAddUpToTheStep() throws {
    let report = try Self.bench("train", "--profile", "--threads", "1")
    let seconds = try #require(report["seconds"] as? [Double])
    let operations = try #require(report["profile"] as? [[String: Any]])
    let total = operations.reduce(0) { $0 + ($1["seconds"] as? Double ?? 0) }
    let mean = seconds.reduce(0, +) / Double(seconds.count)
    #expect(abs(total - mean) < 1e-6)
    let rest = operations.last { $0["name"] as? String == "between operations" }
    // Negative if an operation were counted twice.
    #expect((0..<1).contains(try #require(rest?["share"] as? Double)))
  }

  @Test func publishedNamesAndUnknownOnes() throws {
    let unknown = try ProgramRun("bench", "train", "--model", "spikformer-4-385")
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("did you mean spikformer-4-384?"), "\(unknown.errors)")
  }

  @Test func anInheritedSlowCoreTypeIsNamed() throws {
    let result = try ProgramRun(
      program: "/usr/bin/env",
      ["OPENBLAS_CORETYPE=Haswell", ProgramRun.program, "bench", "infer"] + Self.small
    )
    #expect(result.status == 0)
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    guard report?["instruction_set"] as? String == "avx512" else { return }
    #expect(result.errors.contains("OPENBLAS_CORETYPE=Haswell"))
  }
}
