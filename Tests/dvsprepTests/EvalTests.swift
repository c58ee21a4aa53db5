import Foundation
import SpikeNet
import Testing
import _TestSupport

struct EvalTests {
  private let folder: TemporaryFolder
  private let cache: TinyCache
  private var run: String { folder.file("run") }

  init() throws {
    folder = try TemporaryFolder()
    cache = try TinyCache(in: folder)
    let result = try ProgramRun(
      "train",
      "--data",
      cache.path,
      "--model",
      "csnn",
      "-o",
      run,
      "--quiet",
      "epochs=6",
      "model.architecture=4C3-MP2-FC3",
      "batch_size=6"
    )
    #expect(result.status == 0, "\(result.errors)")
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func resultHasTheKeysOfTheInterface() throws {
    let result = try ProgramRun("eval", run, "--data", cache.path, "--json")
    #expect(result.status == 0, "\(result.errors)")
    let object = try json(result.output)
    #expect(
      Set(object.keys) == [
        "top1", "top5", "loss", "samples", "confusion", "firing_rate", "latency_ms",
        "samples_per_second", "macs", "acs", "energy_mj", "energy_constants_pj", "layers",
        "neurobench", "peak_memory_mb",
      ]
    )
    #expect(object["samples"] as? Int == 9)
    let confusion = try #require(object["confusion"] as? [[Int]])
    #expect(confusion.map { $0.reduce(0, +) } == [3, 3, 3])
    let hits = (0..<3).reduce(0) { $0 + confusion[$1][$1] }
    #expect(object["top1"] as? Double == Double(hits) / 9)
    let rates = try #require(object["firing_rate"] as? [String: Double])
    #expect(Set(rates.keys) == ["stages.0.neuron", "heads.0.neuron"])
    #expect(rates.values.allSatisfy { $0 > 0 && $0 < 1 })
    let latency = try #require(object["latency_ms"] as? [String: Double])
    #expect(try #require(latency["p50"]) <= #require(latency["p95"]))
    let (macs, acs) = (
      try #require(object["macs"] as? Double), try #require(object["acs"] as? Double)
    )
    // The first convolution reads counts; what reads spikes adds at their rate.
    #expect(macs == Double(3 * 6 * 6 * (4 * 2 * 9 + 4)))
    let rate = try #require(rates["stages.0.neuron"])
    #expect(abs(acs - Double(3 * (3 * 3 * 4 * 3 + 3)) * rate) < 1e-6)
    let energy = try #require(object["energy_mj"] as? Double)
    #expect(abs(energy - (4.6 * macs + 0.9 * acs) * 1e-9) < 1e-15)
    let neurobench = try #require(object["neurobench"] as? [String: Any])
    let operations = try #require(neurobench["SynapticOperations"] as? [String: Double])
    #expect(operations["Effective_ACs"] == acs)
    #expect(try #require(operations["Effective_MACs"]) < macs)
    #expect(operations["Dense"] == macs + Double(3 * (3 * 3 * 4 * 3 + 3)))
    #expect(try #require(object["peak_memory_mb"] as? Int) > 10)
    let history = try Checkpoint.read(RunDirectory(run).last).progress.history
    #expect(object["top1"] as? Double == history.last?.testTop1)
    let loss = try #require(object["loss"] as? Double)
    #expect(abs(loss - (history.last?.testLoss ?? 0)) < 1e-12)
  }

  @Test func constantsOfEnergyCanBeChosen() throws {
    let result = try ProgramRun("eval", run, "--json", "--mac-energy", "1000", "--ac-energy", "0")
    let object = try json(result.output)
    let macs = try #require(object["macs"] as? Double)
    #expect(abs(try #require(object["energy_mj"] as? Double) - macs * 1e-6) < 1e-12)
    let refused = try ProgramRun("eval", run, "--mac-energy", "-1")
    #expect(refused.status == 64)
  }

  @Test func tablesForPagesAndPapers() throws {
    let markdown = try ProgramRun("eval", run, "--table", "markdown").output.split(separator: "\n")
    #expect(markdown.first == "| layer | kind | rate | dense | MACs | ACs | energy |")
    #expect(markdown.count == 5)
    #expect(markdown.last?.hasPrefix("| **total** |") == true)
    let latex = try ProgramRun("eval", run, "--table", "latex").output
    #expect(latex.hasPrefix("\\begin{tabular}{llrrrrr}"))
    #expect(latex.contains("stages.0.convolution & conv 3$\\times$3 &"))
    #expect(!latex.contains(" % "))
  }

  @Test func everyNumberOfFramesIsMeasured() throws {
    let object = try json(ProgramRun("eval", run, "--anytime", "--json").output)
    let entries = try #require(object["anytime"] as? [[String: Any]])
    #expect(entries.compactMap { $0["frames"] as? Int } == [1, 2, 3])
    #expect(entries.last?["top1"] as? Double == object["top1"] as? Double)
    #expect(entries.last?["acs"] as? Double == object["acs"] as? Double)
    let macs = try #require(object["macs"] as? Double)
    for (index, entry) in entries.enumerated() {
      #expect(abs((entry["macs"] as? Double ?? 0) - macs * Double(index + 1) / 3) < 1e-6)
      #expect((entry["latency_ms"] as? [String: Double])?.count == 2)
    }
  }

  @Test func checkpointCanBeNamedAndTextIsPrinted() throws {
    let result = try ProgramRun("eval", RunDirectory(run).best, "--data", cache.path)
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("test accuracy "))
    #expect(result.output.contains("stages.0.neuron"))
  }

  @Test func batchSizeAndThreadsDoNotChangeTheResult() throws {
    let results = try [["--batch-size", "1"], ["--batch-size", "9", "--threads", "3"]].map {
      try json(ProgramRun(["eval", run, "--data", cache.path, "--json"] + $0).output)
    }
    #expect(results[0]["confusion"] as? [[Int]] == results[1]["confusion"] as? [[Int]])
  }

  @Test(
    arguments: [
      (4, 8, "-o NEW.h5 --dataset folder -T 3 --split-by number\n"), (3, 6, "--geometry 8x8\n"),
      (3, 9, "input.crop=8 input.downscale=1 reads frames of the size that is wanted;"),
      (4, 16, "input.crop=0 input.downscale=2 reads frames of the size that is wanted of a cache"),
    ]
  )
  func cacheOfAnotherShapeIsRefusedWithTheCommandThatHelps(
    _ steps: Int,
    _ size: Int,
    _ option: String
  ) throws {
    let other = try TinyCache(in: folder, name: "other.h5", steps: steps, size: size)
    let result = try ProgramRun("eval", run, "--data", other.path)
    #expect(result.status == 65)
    #expect(result.errors.contains("dvsprep convert"))
    #expect(result.errors.contains(option))
    #expect(result.output.isEmpty)
  }

  @Test func aLargerCacheIsMeasuredThroughASmallerWindow() throws {
    let other = try TinyCache(in: folder, name: "other.h5", size: 9)
    let result = try ProgramRun("eval", run, "--data", other.path, "input.crop=8")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try ProgramRun("eval", run, "model.tau=3").status == 64)
  }

  /// Weights that were exported read of a cache's frames what the run did.
  @Test(arguments: [["input.downscale=2"], ["input.crop=6"]])
  func exportedWeightsAreMeasuredLikeTheRun(_ input: [String]) throws {
    let (small, weights) = (folder.file("small"), folder.file("small.safetensors"))
    let architecture = "model.architecture=4C3-MP2-FC3"
    let trained = try ProgramRun(
      ["train", "--data", cache.path, "--model", "csnn", "-o", small, "--quiet", "epochs=2"]
        + [architecture, "batch_size=6"] + input
    )
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(try ProgramRun("export", small, "-o", weights).status == 0)
    let results = try [
      ["eval", small, "--json"], ["eval", weights, "--data", cache.path, "--json"],
      ["eval", weights, "--model", "csnn", architecture, "--data", cache.path, "--json"] + input,
    ].map { arguments in
      let result = try ProgramRun(arguments)
      #expect(result.status == 0, "\(result.errors)")
      return try json(result.output)
    }
    for result in results {
      #expect(result["loss"] as? Double == results[0]["loss"] as? Double)
      #expect(result["macs"] as? Double == results[0]["macs"] as? Double)
    }
  }

  @Test func checkpointsOfANewerFormatAreRefused() throws {
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: RunDirectory(run).last)))
    let version = Array(#""format_version":"1""#.utf8)
    let place = try #require(
      bytes.indices.first { bytes[$0...].prefix(version.count).elementsEqual(version) }
    )
    bytes[place + version.count - 2] = UInt8(ascii: "9")
    let path = try folder.write(bytes, to: "newer.safetensors")
    let result = try ProgramRun("eval", path, "--data", cache.path)
    #expect(result.status == 65)
    #expect(result.errors.contains("format_version is 9, expected 1"))
  }

  @Test func damagedCheckpointsAreRefused() throws {
    let bytes = try [UInt8](
      Data(contentsOf: URL(fileURLWithPath: RunDirectory(run).last))
    )
    for count in [0, 7, 8, 500, bytes.count / 2, bytes.count - 1] {
      let path = try folder.write(Array(bytes.prefix(count)), to: "cut.safetensors")
      let result = try ProgramRun("eval", path, "--data", cache.path)
      #expect(result.status == 65, "\(count): \(result.errors)")
      #expect(result.errors.hasPrefix("error: \(path)"))
    }
  }

  @Test(
    arguments: [
      (["/nonexistent"], 66, "no such file"), (["/"], 66, "run directory"), ([], 64, "Missing"),
      (["/dev/null"], 74, "error: /dev/null: is a pipe, a socket or a device; expected"),
    ] as [([String], Int32, String)]
  )
  func missingCheckpointIsAnError(
    _ arguments: [String],
    _ status: Int32,
    _ message: String
  ) throws {
    let result = try ProgramRun(["eval", "--data", cache.path] + arguments)
    #expect(result.status == status)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func unknownPartIsRefused() throws {
    let result = try ProgramRun("eval", run, "--part", "val")
    #expect(result.status == 64)
    #expect(result.errors.contains("there are test, train"))
  }
}
