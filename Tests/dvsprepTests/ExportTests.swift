import EventIO
import Exchange
import Foundation
import SpikeNet
import Testing
import _TestSupport

/// From a checkpoint of timm to other formats and back, through the commands.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct GoldenExchangeTests {
  private let folder: TemporaryFolder
  private let cache: String
  private let recording: String
  private static let timm = GoldenNetworks.path("spikingformer_dvs_timm.pth.tar")
  private static let settings = ["model.embed_dim=32", "model.depth=1", "model.heads=2"]

  init() throws {
    folder = try TemporaryFolder()
    cache = try TinyCache(in: folder, steps: 4, size: 32, classNames: (0..<11).map { "c\($0)" })
      .path
    recording = folder.file("recording.npz")
    var generator = SeededGenerator(seed: 3)
    var events = EventBuffer()
    for index in 0..<4099 {
      events.append(
        t: Int64(index * 10),
        x: UInt16(generator.next() % 32),
        y: UInt16(generator.next() % 32),
        p: generator.next() % 2 == 0 ? .off : .on
      )
    }
    try NPZWriter.write(events, to: recording)
  }

  private func json(_ arguments: [String]) throws -> [String: Any] {
    let result = try ProgramRun(arguments)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    )
  }

  private func logits(_ checkpoint: String, _ extra: [String]) throws -> [Double] {
    let object = try json(["predict", checkpoint, recording, "--data", cache, "--json"] + extra)
    let predictions = try #require(object["predictions"] as? [[String: Any]])
    return try #require(predictions.first?["logits"] as? [Double])
  }

  @Test(
    arguments: [
      "spikingformer_dvs_timm.pth.tar", "spikingformer_dvs_checkpoint_max_test_acc1.pth",
      "spikingformer_dvs_ddp_bare.pth", "spikingformer_dvs_legacy.pth.tar",
    ]
  )
  func checkpointsOfEveryKindAreEvaluated(_ name: String) throws {
    let object = try json(
      ["eval", GoldenNetworks.path(name), "--model", "spikingformer", "--data", cache, "--json"]
        + Self.settings
    )
    #expect(object["samples"] as? Int == 9)
    let reference = try json(
      ["eval", Self.timm, "--model", "spikingformer", "--data", cache, "--json"] + Self.settings
    )
    #expect(object["loss"] as? Double == reference["loss"] as? Double)
    #expect(object["confusion"] as? [[Int]] == reference["confusion"] as? [[Int]])
  }

  @Test func exportedFilesClassifyAsTheOriginal() throws {
    let model = ["--model", "spikingformer"] + Self.settings
    let expected = try logits(Self.timm, model)
    #expect(Set(expected).count > 5)
    for name in ["weights.pth", "weights.safetensors"] {
      let path = folder.file(name)
      let result = try ProgramRun(["export", Self.timm, "-o", path] + model)
      #expect(result.status == 0, "\(result.errors)")
      // A safetensors file says itself what model it is of.
      #expect(try logits(path, name.hasSuffix("pth") ? model : []) == expected)
      let again = try ProgramRun(["export", Self.timm, "-o", path] + model)
      #expect(again.status == 64 && again.errors.contains("--overwrite"), "\(again.errors)")
    }
  }

  @Test(.enabled(if: Python.torch != nil, "no Python with torch (INTEROP_PYTHON); skipped"))
  func torchLoadsTheExportAndGivesEqualLogits() throws {
    let model = ["--model", "spikingformer"] + Self.settings
    let path = folder.file("weights.pth")
    #expect(try ProgramRun(["export", Self.timm, "-o", path] + model).status == 0)
    let root = SharedData.packageRoot
    let text = try Python.run(
      script: root.appendingPathComponent("Tests/Interop/exported_weights.py").path,
      [root.appendingPathComponent("Benchmarks/pytorch").path, Self.timm, path, recording],
      with: try #require(Python.torch)
    )
    let theirs = try JSONDecoder().decode([Double].self, from: Data(text.utf8))
    let ours = try logits(path, model)
    #expect(theirs.count == 11)
    for (a, b) in zip(ours, theirs) { #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(a) \(b)") }
  }

  @Test func trainingBeginsWithTheWeights() throws {
    let run = folder.file("run")
    let result = try ProgramRun(
      ["train", "--data", cache, "--model", "spikingformer", "-o", run, "--quiet"]
        + ["--init", GoldenNetworks.path("spikingformer_dvs_ddp_bare.pth"), "epochs=1"]
        + ["optimizer.lr=0", "schedule.warmup_epochs=0", "schedule.min_lr=0"] + Self.settings
    )
    #expect(result.status == 0, "\(result.errors)")
    let trained = try Safetensors.read(RunDirectory(run).last)
    let reference = try Safetensors.read(GoldenNetworks.path("spikingformer_dvs.safetensors"))
    #expect(try trained.tensor("model.head.weight") == reference.tensor("sd.head.weight"))
  }

  @Test func weightsOfAnotherShapeAreRefusedWithAllThatDiffers() throws {
    let result = try ProgramRun(
      ["export", Self.timm, "-o", folder.file("x.pth"), "--model", "spikingformer"]
        + ["model.embed_dim=64", "model.depth=2", "model.heads=2"]
    )
    #expect(result.status == 65)
    #expect(result.errors.contains("missing (") && result.errors.contains("other shape ("))
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.pth")))
  }
}

/// Exports and predictions of runs that were trained here.
struct ExportTests {
  private let folder: TemporaryFolder
  private let cache: TinyCache
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    cache = try TinyCache(in: folder)
    run = folder.file("run")
    let result = try ProgramRun(
      ["train", "--data", cache.path, "--model", "csnn", "-o", run, "--quiet", "epochs=2"]
        + ["model.architecture=4C3-6C3-FC3", "model.beta=0.75"]
    )
    #expect(result.status == 0, "\(result.errors)")
  }

  /// A run whose logits differ for any two inputs; spikes of a csnn at its output may all be zero.
  private func transformer() throws -> String {
    let path = folder.file("transformer")
    let result = try ProgramRun(
      [
        "train", "--data", cache.path, "--model", "spikingformer", "-o", path, "--quiet",
        "epochs=10",
      ]
        + ["model.tokenizer=images", "model.embed_dim=16", "model.depth=1", "batch_size=2"]
    )
    #expect(result.status == 0, "\(result.errors)")
    return path
  }

  private func recording() throws -> String {
    var events = EventBuffer()
    for index in 0..<300 {
      events.append(
        t: Int64(index * 100),
        x: UInt16(index % 3),
        y: UInt16(index % 8),
        p: index % 5 == 0 ? .on : .off
      )
    }
    let path = folder.file("recording.npz")
    try NPZWriter.write(events, to: path)
    return path
  }

  @Test func recordingIsClassifiedByTheRecipeOfTheCheckpoint() throws {
    let run = try transformer()
    let path = try recording()
    let text = try ProgramRun("predict", run, path, "--top", "3")
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.hasPrefix("\(path): "))
    #expect(["left", "middle", "right"].allSatisfy(text.output.contains))
    let result = try ProgramRun("predict", run, path, path, "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    )
    let predictions = try #require(object["predictions"] as? [[String: Any]])
    #expect(predictions.count == 2)
    let first = try #require(predictions.first)
    #expect(
      Set(first.keys) == ["recording", "class", "label", "probability", "top", "logits"]
    )
    let logits = try #require(first["logits"] as? [Double])
    let label = try #require(first["label"] as? Int)
    #expect(logits[label] == logits.max())
    let powers = logits.map { exp($0) }
    let probability = powers[label] / powers.reduce(0, +)
    #expect(abs(try #require(first["probability"] as? Double) - probability) < 1e-12)
  }

  @Test func predictionEqualsThatOnConvertedFrames() throws {
    let run = try transformer()
    let path = try recording()
    let object = try ProgramRun("predict", run, path, "--json")
    let checkpoint = try Checkpoint.read(RunDirectory(run).last)
    let model = try checkpoint.configuration.model.makeModel(for: checkpoint.data.input, seed: 0)
    try checkpoint.load(into: model)
    var counts = [Float](repeating: 0, count: 3 * 8 * 8 * 2)
    for index in 0..<300 {
      let pixel = (index / 100 * 64 + index % 8 * 8 + index % 3) * 2
      counts[pixel + (index % 5 == 0 ? 1 : 0)] += 1
    }
    let frames = Tensor([3, 1, 8, 8, 2], counts)
    let logits = model.logits(Variable(frames), in: ForwardPass(.inference)).tensor
    for logit in logits.scalars {
      #expect(object.output.contains("\(Double(logit))"), "\(logits.scalars): \(object.output)")
    }
    #expect(Set(logits.scalars).count == 3)
  }

  @Test func windowsChooseEventsAndEmptyOnesAreRefused() throws {
    let run = try transformer()
    let path = try recording()
    let whole = try ProgramRun("predict", run, path, "--json")
    let same = try ProgramRun("predict", run, path, "--json", "--from", "0", "--to", "30000")
    #expect(whole.output == same.output)
    let part = try ProgramRun("predict", run, path, "--json", "--from", "20000")
    #expect(part.status == 0 && part.output != whole.output, "\(part.errors)")
    let empty = try ProgramRun("predict", run, path, "--from", "40000")
    #expect(empty.status == 65)
    #expect(empty.errors.contains("no events"))
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let path = try recording()
    let weights = folder.file("w.pth")
    #expect(try ProgramRun("export", run, "-o", weights).status == 0)
    let settings = [
      "--model", "csnn", "--size", "8", "-T", "3", "model.architecture=4C3-6C3-FC3",
      "model.beta=0.75",
    ]
    let nameless = try ProgramRun(["predict", weights, path] + settings)
    #expect(nameless.status == 65)
    #expect(nameless.errors.contains("--data CACHE"), "\(nameless.errors)")
    let known = try ProgramRun(
      ["predict", weights, path, "--data", cache.path, "--model", "csnn"] + settings.suffix(2)
    )
    #expect(known.status == 0, "\(known.errors)")
    let otherSensor = SharedData.packageRoot.appendingPathComponent("fixtures/recordings/aedat3")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: otherSensor.path).first {
        $0.hasSuffix(".aedat")
      }
    )
    let large = try ProgramRun("predict", run, otherSensor.appendingPathComponent(name).path)
    #expect(large.status == 65)
    #expect(large.errors.contains("frames are of 8x8"), "\(large.errors)")
    let missing = try ProgramRun("predict", run, folder.file("absent.npz"))
    #expect(missing.status == 66)
    let other = try ProgramRun(
      ["export", weights, "-o", folder.file("v.pth")] + settings.dropLast() + ["model.beta=0.5"]
    )
    #expect(other.status == 65)
    #expect(other.errors.contains("m.1.beta is 0.75"), "\(other.errors)")
  }

  @Test func endingsAndFormatsAreChecked() throws {
    let unknown = try ProgramRun("export", run, "-o", folder.file("weights.bin"))
    #expect(unknown.status == 64 && unknown.errors.contains("--format"))
    let chosen = try ProgramRun(
      "export",
      run,
      "-o",
      folder.file("weights.bin"),
      "--format",
      "safetensors"
    )
    #expect(chosen.status == 0)
    let file = try Safetensors.read(folder.file("weights.bin"))
    #expect(file.metadata["format"] == "pt")
    #expect(file.names.contains("m.0.weight") && file.names.contains("m.5.bias"))
    let redundant = try ProgramRun("eval", run, "--model", "csnn")
    #expect(redundant.status == 64)
  }

  @Test(.enabled(if: Python.hasH5py, "no Python with h5py; skipped"))
  func chainsAreWrittenAsNIR() throws {
    let path = folder.file("network.nir")
    let result = try ProgramRun("export", run, "-o", path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("reset"))
    let text = try Python.run(
      """
      import h5py, json, sys
      f = h5py.File(sys.argv[1])
      n = f["node/nodes"]
      print(json.dumps({
        "type": f["node/type"][()].decode(), "nodes": {k: v["type"][()].decode() for k, v in n.items()},
        "edges": [[b.decode() for b in e] for e in f["node/edges"][()]],
        "tau": float(n["stages_0_neuron/tau"][0, 0, 0]), "r": float(n["stages_0_neuron/r"][0, 0, 0]),
        "shapes": [list(n["stages_1_convolution/weight"].shape), list(n["stages_1_neuron/r"].shape),
                   list(n["heads_0_linear/weight"].shape), list(n["output/shape"][()].tolist())]}))
      """,
      path
    )
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    )
    #expect(object["type"] as? String == "NIRGraph")
    #expect(
      object["nodes"] as? [String: String] == [
        "input": "Input", "stages_0_convolution": "Conv2d", "stages_0_neuron": "LIF",
        "stages_1_convolution": "Conv2d", "stages_1_neuron": "LIF",
        "heads_0_linear_flatten": "Flatten",
        "heads_0_linear": "Affine", "heads_0_neuron": "LIF", "output": "Output",
      ]
    )
    #expect((object["edges"] as? [[String]])?.count == 8)
    #expect((object["edges"] as? [[String]])?.first == ["input", "stages_0_convolution"])
    #expect(abs((object["tau"] as? Double ?? 0) - 4e-4) < 1e-9)
    #expect(object["r"] as? Double == 4)
    #expect(object["shapes"] as? [[Int]] == [[6, 4, 3, 3], [6, 4, 4], [3, 96], [3]])
  }

  @Test(.enabled(if: Python.nir != nil, "no Python with nir (INTEROP_PYTHON); skipped"))
  func nirItselfReadsTheNetwork() throws {
    let path = folder.file("network.nir")
    #expect(try ProgramRun("export", run, "-o", path).status == 0)
    let text = try Python.run(
      "import nir, sys; g = nir.read(sys.argv[1]); print(len(g.nodes), len(g.edges))",
      [path],
      with: try #require(Python.nir)
    )
    #expect(text == "9 8\n")
  }

  @Test func poolingAndAttentionCannotBeNIR() throws {
    let pooled = folder.file("pooled")
    let result = try ProgramRun(
      ["train", "--data", cache.path, "--model", "csnn", "-o", pooled, "--quiet", "epochs=1"]
        + ["model.architecture=4C3-MP2-FC3"]
    )
    #expect(result.status == 0)
    let refused = try ProgramRun("export", pooled, "-o", folder.file("p.nir"))
    #expect(refused.status == 65)
    #expect(refused.errors.contains("maximum"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("p.nir")))
  }
}
