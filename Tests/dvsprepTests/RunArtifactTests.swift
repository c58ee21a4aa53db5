import Foundation
import SpikeNet
import Testing
import _TestSupport

/// What a run leaves for people and other programs to look at.
struct RunArtifactTests {
  private let folder: TemporaryFolder
  private let cache: TinyCache
  private var run: String { folder.file("run") }
  private var directory: RunDirectory { RunDirectory(run) }

  init() throws {
    folder = try TemporaryFolder()
    cache = try TinyCache(in: folder)
  }

  private func train(_ arguments: String...) throws -> ProgramRun {
    try ProgramRun(
      [
        "train", "--data", cache.path, "--model", "csnn", "model.architecture=4C3-MP2-FC3",
        "batch_size=6",
      ] + arguments
    )
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func json(_ path: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(bytes(path))) as? [String: Any]
    )
  }

  private func events(_ run: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: run)
      .filter { $0.hasPrefix("events.out.tfevents.") }.sorted()
  }

  @Test func finishedRunLeavesPicturesAndRates() throws {
    let result = try train("-o", run, "epochs=3", "spike_bars=2")
    #expect(result.status == 0, "\(result.errors)")
    for path in [directory.curves, directory.confusion] {
      #expect(try bytes(path).prefix(4) == [0x89, 0x50, 0x4E, 0x47], "\(path)")
    }
    let bars = try FileManager.default.contentsOfDirectory(atPath: run)
      .filter { $0.hasSuffix(".gif") }.sorted()
    // The first test samples are 21 and 22, of classes 0 and 1.
    #expect(bars == ["spike_bar_21_target0.gif", "spike_bar_22_target1.gif"])
    for name in bars { #expect(try bytes("\(run)/\(name)").prefix(6).elementsEqual("GIF89a".utf8)) }
    let summary = try json(directory.summary)
    #expect(summary["finished"] as? Bool == true)
    let rates = try #require(summary["firing_rate"] as? [String: Double])
    let (macs, acs) = (
      try #require(summary["macs"] as? Double), try #require(summary["acs"] as? Double)
    )
    let energy = try #require(summary["energy_mj"] as? Double)
    #expect(macs > 0 && abs(energy - (4.6 * macs + 0.9 * acs) * 1e-9) < 1e-12)
    let steps = try #require(summary["firing_rate_per_step"] as? [String: [Double]])
    #expect(Set(rates.keys) == ["stages.0.neuron", "heads.0.neuron"])
    for (layer, rate) in rates {
      let perStep = try #require(steps[layer])
      #expect(perStep.count == 3)
      #expect(abs(perStep.reduce(0, +) / 3 - rate) < 1e-12)
    }
  }

  @Test func choosingByTheTestPartIsWarnedOf() throws {
    let result = try train("-o", run, "epochs=1", "--quiet")
    #expect(result.errors.hasPrefix("warning: the split has no val part"))
  }

  private static let reader = """
    import sys
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
    events.Reload()
    for tag in sorted(events.Tags()["scalars"]):
      print(tag, *["%d:%.9g" % (point.step, point.value) for point in events.Scalars(tag)])
    """

  private func curves() throws -> [String: [String]] {
    let text = try Python.run(Self.reader, [run], with: #require(Python.tensorBoard))
    return Dictionary(
      uniqueKeysWithValues: text.split(separator: "\n").map { line in
        let words = line.split(separator: " ").map(String.init)
        return (words[0], Array(words.dropFirst()))
      }
    )
  }

  @Test(
    .enabled(
      if: Python.tensorBoard != nil,
      "tensorboard is absent (name a Python that has it in INTEROP_PYTHON); skipped"
    )
  )
  func tensorBoardReadsTheCurves() throws {
    #expect(try train("-o", run, "epochs=3").status == 0)
    let curves = try curves()
    let history = try Checkpoint.read(directory.last).progress.history
    let losses = history.map { String(format: "%d:%.9g", 4 * $0.epoch, Float($0.trainLoss)) }
    #expect(curves["loss/train"] == losses)
    let accuracies = history.map {
      String(format: "%d:%.9g", 4 * $0.epoch, Float($0.testTop1 ?? -1))
    }
    #expect(curves["accuracy/test"] == accuracies)
    #expect(curves["step/loss"]?.count == 12)
    #expect(curves["step/firing_rate"]?.count == 12)
    #expect(curves["loss/val"] == nil)
  }

  /// What an interrupted run wrote after its last checkpoint is superseded.
  @Test(.enabled(if: Python.tensorBoard != nil, "tensorboard is absent; skipped"))
  func tensorBoardSeesOneCurveOfAContinuedRun() throws {
    #expect(try train("-o", run, "epochs=2").status == 0)
    let saved = try bytes(directory.last)
    #expect(try ProgramRun("train", "-o", run, "--resume", "auto", "epochs=4").status == 0)
    try Data(saved).write(to: URL(fileURLWithPath: directory.last))
    #expect(try ProgramRun("train", "-o", run, "--resume", "auto", "epochs=3").status == 0)
    #expect(try events(run).count == 3)
    let curve = try curves()["step/loss"] ?? []
    let steps = curve.map { $0.prefix { $0 != ":" } }
    #expect(steps == (1...12).map { "\($0)" })
  }

  @Test func seriesOfSeedsGivesMeanAndDeviation() throws {
    let result = try train("-o", run, "epochs=2", "--seeds", "3,1,2")
    #expect(result.status == 0, "\(result.errors)")
    let summary = try json(run + "/summary.json")
    #expect(summary["seeds"] as? [Int] == [3, 1, 2])
    let top1 = try #require(summary["test_top1"] as? [String: Any])
    let values = try #require(top1["values"] as? [Double])
    #expect(values.count == 3)
    for (seed, value) in zip([3, 1, 2], values) {
      let single = try json("\(run)/seed-\(seed)/summary.json")
      #expect((single["last"] as? [String: Any])?["test_top1"] as? Double == value)
      #expect(single["seed"] as? Int == seed)
    }
    let mean = values.reduce(0, +) / 3
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
    #expect(abs((top1["mean"] as? Double ?? -1) - mean) < 1e-12)
    #expect(abs((top1["sd"] as? Double ?? -1) - deviation) < 1e-12)
    let text = String(format: "test accuracy %.3f ± %.3f (3 seeds)\n", mean, deviation)
    #expect(result.output == text)

    let again = try train("-o", run, "epochs=2", "--seeds", "3,1,2", "--resume", "auto")
    #expect(again.output == text)
    // Nothing but the seeds need be said again; one of them has no run yet.
    try FileManager.default.removeItem(atPath: run + "/seed-1")
    let shorter = try ProgramRun("train", "-o", run, "--seeds", "3,1,2", "--resume", "auto")
    #expect(shorter.output == text, "\(shorter.errors)")
    #expect(!shorter.errors.contains("(was"))
    #expect(try train("-o", run, "--seeds", "3,3").status == 64)
    #expect(try train("-o", run, "--seeds", "3,").status == 64)
  }

  @Test func aSeriesThatWasStoppedNamesItsOwnCommand() throws {
    let result = try train("-o", run, "epochs=1000000", "--time-limit", "1s", "--seeds", "0,1")
    #expect(result.errors.contains("dvsprep train -o \(run) --seeds 0,1 --resume auto"))
  }

  @Test func moreTrainedStepsThanFramesAreRefused() throws {
    let result = try train("-o", run, "t_train=99")
    #expect(result.status == 64)
    #expect(result.errors.contains("t_train is 99"))
    #expect(!FileManager.default.fileExists(atPath: run))
  }

  @Test func publishedModelsSayThatTheInputIsAnother() throws {
    let result = try ProgramRun(
      ["train", "--data", cache.path, "--model", "spikformer-2-256", "-o", run, "epochs=1"]
        + ["model.embed_dim=16", "model.heads=2"]
    )
    #expect(result.errors.contains("published for frames of 128×128 with 2 channels"))
  }

  @Test func timeLimitSavesAndStops() throws {
    let start = ContinuousClock.now
    let result = try train("-o", run, "epochs=1000000", "--time-limit", "1s")
    #expect(result.status == 0, "\(result.errors)")
    #expect(ContinuousClock.now - start < .seconds(60))
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("--resume auto"))
    let progress = try Checkpoint.read(directory.last).progress
    #expect(progress.totalSteps > 0 && progress.epoch < 1_000_000)
    #expect(try json(directory.summary)["finished"] as? Bool == false)
    for text in ["0", "x", "m", "1w", "-5", "99999999999999999999"] {
      #expect(try train("-o", folder.file("other"), "--time-limit=\(text)").status == 64, "\(text)")
    }
  }

  @Test(arguments: TrainingRecipe.all.map(\.name))
  func everyRecipeIsResolved(_ name: String) throws {
    let result = try ProgramRun(
      "train",
      "--data",
      "none.h5",
      "--recipe",
      name,
      "--print-config"
    )
    #expect(result.status == 0, "\(result.errors)")
    let recipe = try TrainingRecipe.named(name)
    let configuration = try recipe.configuration()
    #expect(result.output.contains("recipe: \(name)\n"))
    #expect(result.output.contains("  name: \(recipe.model)\n"))
    #expect(result.output.contains("epochs: \(configuration.epochs)\n"))
    let text = try ProgramRun("recipes", name)
    #expect(text.status == 0 && text.output.contains("# \(name): \(recipe.dataset)\n"))
    let size = [configuration.input.height, configuration.input.width].map { $0 == 0 ? 64 : $0 }
    let steps = configuration.input.steps == 0 ? 10 : configuration.input.steps
    let channels = name.contains("cifar10-t") || name.contains("100") || name.contains("imagenet")
    let input = ModelInput(
      steps: steps,
      height: size[0],
      width: size[1],
      channels: channels ? 3 : 2,
      classes: 10
    )
    _ = try configuration.model.makeModel(for: input, seed: 0)
  }

  @Test func recipesAreListedAndAskedForByName() throws {
    let list = try ProgramRun("recipes")
    #expect(list.status == 0)
    for recipe in TrainingRecipe.all { #expect(list.output.contains(recipe.name)) }
    let unknown = try train("-o", run, "--recipe", "spikingformer-dvs128-t16")
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("did you mean spikingformer-dvs128-gesture-t16?"))
    let settings = try ProgramRun(
      "train",
      "--data",
      cache.path,
      "--recipe",
      "csnn-n-mnist",
      "epochs=3",
      "--print-config"
    )
    #expect(settings.output.contains("epochs: 3\n") && settings.output.contains("lr: 0.01\n"))
  }

  /// The published frames are asked for with the command that makes them.
  @Test func cacheThatDoesNotFitTheRecipeIsRefused() throws {
    let result = try ProgramRun(
      "train",
      "--data",
      cache.path,
      "--recipe",
      "spikingformer-dvs128-gesture-t16",
      "-o",
      run
    )
    #expect(result.status == 65)
    #expect(result.errors.contains("dvsprep convert SOURCE -o NEW.h5"))
    #expect(result.errors.contains("-T 16 --split-by number --geometry 128x128"))
    #expect(!FileManager.default.fileExists(atPath: run))
    let allowed = try train(
      "-o",
      run,
      "--recipe",
      "csnn-n-mnist",
      "input.height=0",
      "input.width=0",
      "epochs=1"
    )
    #expect(allowed.status == 0, "\(allowed.errors)")
  }

  @Test func halvedFramesAreTrainedAndEvaluatedAlike() throws {
    let result = try train("-o", run, "epochs=2", "input.downscale=2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Checkpoint.read(directory.last).data.height == 4)
    #expect(try ProgramRun("eval", run).status == 0)
    #expect(try train("-o", folder.file("other"), "input.downscale=9").status == 64)
  }
}
