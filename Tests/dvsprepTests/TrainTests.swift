import Foundation
import SpikeNet
import Testing
import _TestSupport

struct TrainTests {
  private let folder: TemporaryFolder
  private let cache: TinyCache
  private var run: String { folder.file("run") }
  private var directory: RunDirectory { RunDirectory(run) }

  init() throws {
    folder = try TemporaryFolder()
    cache = try TinyCache(in: folder)
  }

  private static let small = ["model.architecture=4C3-MP2-FC3", "batch_size=6"]

  private func train(_ arguments: String..., model: String = "csnn") throws -> ProgramRun {
    try ProgramRun(
      ["train", "--data", cache.path, "--model", model] + arguments
        + (model == "csnn" ? Self.small : ["model.embed_dim=16", "model.depth=1"])
    )
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// All tensors of a checkpoint by name.
  private func tensors(_ path: String) throws -> [String: Tensor] {
    let file = try Safetensors.read(path)
    return Dictionary(
      uniqueKeysWithValues: try file.names.map { ($0, try file.tensor($0)) }
    )
  }

  @Test(arguments: ["csnn", "spikingformer"])
  func runLeavesWhatTheInterfaceNames(_ model: String) throws {
    let result = try train("-o", run, "epochs=3", model: model)
    #expect(result.status == 0, "\(result.errors)")
    let rows = try text(directory.metricsTable).split(separator: "\n")
    #expect(rows.count == 4)
    #expect(rows[0].hasPrefix("epoch,lr,train_loss,train_top1"))
    #expect(rows[3].hasPrefix("3,"))
    let lines = try text(directory.metricsLines).split(separator: "\n")
    #expect(try lines.map { try json(String($0))["epoch"] as? Int } == [1, 2, 3])
    let summary = try json(text(directory.summary))
    let last = try #require(summary["last"] as? [String: Any])
    let top1 = try #require(last["test_top1"] as? Double)
    #expect(result.output == String(format: "test accuracy %.3f\n", top1))
    #expect(summary["model"] as? String == model)
    #expect(summary["train_samples"] as? Int == 21 && summary["test_samples"] as? Int == 9)
    #expect(try Checkpoint.read(directory.last).progress.epoch == 3)
    #expect(try Checkpoint.read(directory.best).progress.best != nil)
  }

  @Test func savedConfigurationRepeatsTheRun() throws {
    #expect(try train("-o", run, "--seed", "5", "epochs=2", "optimizer.lr=0.004").status == 0)
    let again = folder.file("again")
    let result = try ProgramRun(
      "train",
      "--config",
      directory.configuration,
      "-o",
      again,
      "--threads",
      "3"
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(try tensors(RunDirectory(again).last) == tensors(directory.last))
    #expect(try text(directory.configuration).contains("lr: 0.004"))
    let other = folder.file("other")
    _ = try ProgramRun(
      "train",
      "--config",
      directory.configuration,
      "-o",
      other,
      "--seed",
      "6"
    )
    #expect(try tensors(RunDirectory(other).last) != tensors(directory.last))
  }

  @Test func settingsOutrankFlagsAndFlagsTheFile() throws {
    let file = try folder.write(
      Array("seed: 1\nthreads: 1\nepochs: 1\nmodel: csnn\n".utf8),
      to: "a.yaml"
    )
    let result = try ProgramRun(
      ["train", "--data", cache.path, "--config", file, "--seed", "2", "--threads", "2", "-o", run]
        + Self.small + ["threads=3"]
    )
    #expect(result.status == 0, "\(result.errors)")
    let configuration = try Checkpoint.read(directory.last).configuration
    #expect(configuration.epochs == 1 && configuration.model.name == "csnn")
    #expect(configuration.seed == 2 && configuration.threads == 3)
  }

  @Test(arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGKILL, -9)] as [(Int32, Int32)])
  func interruptedRunContinuesToTheSameWeights(_ signal: Int32, _ status: Int32) throws {
    let arguments =
      [
        "train", "--data", cache.path, "--model", "csnn", "epochs=300", "--quiet",
      ] + Self.small
    let whole = folder.file("whole")
    #expect(try ProgramRun(arguments + ["-o", whole]).status == 0)

    let interrupted = try ProgramRun(arguments + ["-o", run], signal: (signal, 0.7))
    #expect(interrupted.status == status, "\(interrupted.errors)")
    if signal == SIGKILL, !directory.hasLast { return }
    let before = try Checkpoint.read(directory.last).progress
    #expect(before.epoch < 300)

    let resumed = try ProgramRun(arguments + ["-o", run, "--resume", "auto"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try tensors(directory.last) == tensors(RunDirectory(whole).last))
    #expect(try timelessTable(run).count == 301)
    #expect(try timelessTable(run) == timelessTable(whole))
  }

  /// The rows of metrics.csv without the columns that tell how long things took.
  private func timelessTable(_ run: String) throws -> [[Substring]] {
    try text(RunDirectory(run).metricsTable).split(separator: "\n").map {
      Array($0.split(separator: ",", omittingEmptySubsequences: false).prefix(11))
    }
  }

  @Test func changedKeysOfAContinuedRunAreNamed() throws {
    #expect(try train("-o", run, "epochs=2").status == 0)
    let result = try ProgramRun("train", "-o", run, "--resume", "auto", "epochs=3")
    #expect(result.status == 0)
    #expect(result.errors.contains("epochs: 3 (was 2)"))
    #expect(result.errors.components(separatedBy: "(was").count == 2)
    #expect(try Checkpoint.read(directory.last).progress.history.count == 3)
    let finished = try ProgramRun("train", "-o", run, "--resume", run)
    #expect(finished.status == 0)
    #expect(finished.output.hasPrefix("test accuracy"))
  }

  @Test func directoryThatHoldsARunIsNotOverwritten() throws {
    #expect(try train("-o", run, "epochs=1").status == 0)
    let before = try tensors(directory.last)
    let result = try train("-o", run, "epochs=1", "seed=9")
    #expect(result.status == 64)
    #expect(result.errors.contains("--resume auto"))
    #expect(try tensors(directory.last) == before)
  }

  @Test func validationPartChoosesTheResult() throws {
    let cache = try TinyCache(
      in: folder,
      name: "val.h5",
      splits: [
        "a": ["train": Array(0..<15)],
        "b": ["train": Array(0..<15), "val": Array(15..<21), "test": Array(21..<30)],
      ]
    )
    let result = try ProgramRun(
      ["train", "--data", cache.path, "--split", "b", "--model", "csnn", "epochs=4", "-o", run]
        + Self.small
    )
    #expect(result.status == 0, "\(result.errors)")
    let summary = try json(text(directory.summary))
    let best = try #require(summary["best"] as? [String: Any])
    #expect(best["part"] as? String == "val")
    let evaluated = try ProgramRun("eval", run, "--data", cache.path, "--json")
    #expect(try json(evaluated.output)["top1"] as? Double == best["test_top1"] as? Double)
    let validated = try ProgramRun("eval", run, "--part", "val", "--json")
    #expect(try json(validated.output)["top1"] as? Double == best["top1"] as? Double)
  }

  @Test(
    arguments: [
      (["optimizer.lrr=1"], 64, "did you mean optimizer.lr?"),
      (["epochs=many"], 64, "epochs is many"),
      (["model.architecture=12X5"], 64, "12X5"),
      (["--model", "spikingformer", "model.depth=99999999999"], 64, "expected at most 16384"),
      (["model.embed_dim=9"], 64, "unknown key model.embed_dim"),
      (["--split", "nope"], 64, "there are official"),
      (["--config", "/nonexistent.yaml"], 66, "no such file"),
      (["--resume", "/nonexistent.safetensors"], 66, "no such file"),
      (["--data", "/nonexistent.h5"], 66, "no such file"),
      (["--data", "/"], 66, "folder"),
      (["--model", "resnext"], 64, "unknown model resnext"),
      (["oops"], 64, "expected key=value"),
    ] as [([String], Int32, String)]
  )
  func impossibleRequestsAreRefusedBeforeAnythingIsWritten(
    _ arguments: [String],
    _ status: Int32,
    _ message: String
  ) throws {
    var all = ["train", "-o", run]
    if !arguments.contains("--data") { all += ["--data", cache.path] }
    if !arguments.contains("--model") { all += ["--model", "csnn"] }
    let result = try ProgramRun(all + arguments)
    #expect(result.status == status)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.hasPrefix("error: "))
    #expect(!FileManager.default.fileExists(atPath: run))
  }

  @Test func damagedCacheIsNoCrash() throws {
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: cache.path)))
    for count in [0, 1, 100, bytes.count / 2, bytes.count - 1] {
      let path = try folder.write(Array(bytes.prefix(count)), to: "cut.h5")
      let result = try ProgramRun(
        ["train", "--data", path, "--model", "csnn", "-o", run, "epochs=1"] + Self.small
      )
      #expect(result.status == 65, "\(count): \(result.errors)")
    }
  }

  @Test func samplesOfDifferentLengthAreRefusedWithTheCommandThatHelps() throws {
    let cache = try TinyCache(in: folder, name: "variable.h5", slicing: .eventsPerFrame(4))
    let result = try ProgramRun("train", "--data", cache.path, "-o", run)
    #expect(result.status == 65)
    #expect(result.errors.contains("dvsprep convert"))
  }

  @Test func divergenceFailsWithAHint() throws {
    let result = try train(
      "-o",
      run,
      "epochs=50",
      "optimizer.name=sgd",
      "optimizer.lr=1000000",
      "optimizer.weight_decay=1000000"
    )
    #expect(result.status == 1)
    #expect(result.errors.contains("optimizer.lr"))
  }

  @Test func configurationIsPrintedWithoutARun() throws {
    let result = try train("-o", run, "--print-config", "epochs=3")
    #expect(result.status == 0)
    #expect(result.output.contains("epochs: 3"))
    #expect(result.output.contains("  architecture: 4C3-MP2-FC3"))
    #expect(!FileManager.default.fileExists(atPath: run))
  }

  @Test func quietRunPrintsOnlyItsResult() throws {
    let result = try train("-o", run, "epochs=1", "--quiet")
    #expect(
      result.errorLines.count == 1 && result.errors.hasPrefix("warning: the split has no val")
    )
    #expect(result.output.hasPrefix("test accuracy "))
  }

  @Test func helpHasExamples() throws {
    for command in ["train", "eval", "models"] {
      let result = try ProgramRun(command, "--help")
      #expect(result.status == 0)
      #expect(result.output.contains("EXAMPLES"))
    }
  }
}
