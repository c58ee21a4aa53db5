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
    let named = operations.dropLast()
    #expect(operations.last?["name"] as? String == "between operations")
    let total = named.reduce(0) { $0 + ($1["seconds"] as? Double ?? 0) }
    // Operations that overlapped would add up to more than the steps took.
    #expect(total > 0 && total <= seconds.reduce(0, +) / Double(seconds.count))
    #expect(named.allSatisfy { ($0["share_of_limit"] as? Double ?? 0) > 0 })
    let names = Set(named.compactMap { $0["name"] as? String })
    let expected =
      ["forward", "input gradient", "weight gradient"].map {
        "convolution 1x1 64→256 at 2x2, \($0)"
      } + [
        "neuron, forward", "neuron, backward", "attention, backward", "update of the parameters",
      ]
    #expect(names.isSuperset(of: expected), "\(names)")
  }

  @Test(arguments: [
    ["--batch", "9223372036854775807"], ["--batch", "0"], ["--threads", "100000"],
    ["--density", "2"], ["--repeats", "0"], ["-T", "16384", "--size", "16384", "--batch", "64"],
    ["model.neuron.kind=liaf"], ["model.neuron.alpha=0"],
  ])
  func impossibleRequestsAreRefused(_ arguments: [String]) throws {
    let result = try ProgramRun(["bench", "train", "--model", "spikformer"] + arguments)
    #expect(result.status == 64, "\(arguments): \(result.status) \(result.errors)")
  }

  @Test func anInstructionSetThatThereIsNotIsNamed() throws {
    let result = try ProgramRun(
      program: "/usr/bin/env",
      ["SPIKENET_ISA=avx", ProgramRun.program, "bench", "infer"] + Self.small
    )
    #expect(result.status == 0)
    #expect(result.errors.contains("SPIKENET_ISA=avx"), "\(result.errors)")
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
