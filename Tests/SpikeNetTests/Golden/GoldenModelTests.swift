import Foundation
import SpikeNet
import Testing
import _TestSupport

/// Whole models against the authors' code in torch: spikes, logits, losses, every gradient, batch
/// normalisation's buffers, parameters after three steps of AdamW, and logits in inference.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct GoldenModelTests {
  @Test func everyKindOfModelIsThere() {
    let families = Set(GoldenModel.all.map { $0.text("family") })
    #expect(
      families == [
        "spikingformer", "spikformer", "sdt", "spikeformer_li", "csnn", "resnet18", "vit",
        "small_cnn",
      ]
    )
  }

  @Test(arguments: GoldenModel.all, [1, 2])
  func threeStepsEqualTheReference(_ golden: GoldenModel, threads: Int) throws {
    let run = try golden.makeRun(parallel: Parallel(threads: threads))
    try run.firstStep()
    try run.remainingSteps()
    try run.inference()
  }
}

/// One entry of `models_manifest.json`.
struct GoldenModel: Sendable, CustomTestStringConvertible {
  let name: String
  nonisolated(unsafe) let content: [String: Any]
  nonisolated(unsafe) let configuration: [String: Any]
  let tolerances: [String: [Double]]

  var testDescription: String { name }

  static let all: [GoldenModel] = {
    guard
      let data = FileManager.default.contents(atPath: GoldenNetworks.path("models_manifest.json")),
      let manifest = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let models = manifest["models"] as? [String: [String: Any]]
    else { return [] }
    return models.sorted { $0.key < $1.key }.map(GoldenModel.init)
  }()

  private init(_ name: String, _ content: [String: Any]) {
    self.name = name
    self.content = content
    configuration = content["cfg"] as? [String: Any] ?? [:]
    tolerances = content["tol"] as? [String: [Double]] ?? [:]
  }

  func text(_ key: String) -> String { configuration[key] as? String ?? "" }
  func int(_ key: String) -> Int { (configuration[key] as? NSNumber)?.intValue ?? -1 }
  func flag(_ key: String) -> Bool { (configuration[key] as? NSNumber)?.boolValue ?? false }
  func float(_ key: String) -> Float { (configuration[key] as? NSNumber)?.floatValue ?? .nan }

  private func makeConfiguration() throws -> any ModelConfiguration {
    switch text("family") {
    case "spikingformer":
      var result = Spikingformer.Configuration()
      result.embedDim = int("dim")
      result.depth = int("depth")
      result.heads = int("heads")
      result.mlpRatio = int("mlp_ratio")
      result.attentionScale = float("scale")
      result.tokenizer = text("src").hasPrefix("cifar10/") ? .images : .events
      result.neuron = NeuronConfiguration(tau: float("tau"))
      return result
    case "spikformer":
      var result = Spikformer.Configuration()
      result.embedDim = int("dim")
      result.depth = int("depth")
      result.heads = int("heads")
      result.mlpRatio = int("mlp_ratio")
      result.attentionScale = float("scale")
      result.variant =
        text("src").hasPrefix("cifar10/")
        ? .cifar : text("src").hasPrefix("imagenet/") ? .imagenet : .events
      result.neuron = NeuronConfiguration(tau: float("tau"))
      return result
    case "sdt":
      var result = SpikeDrivenTransformer.Configuration()
      result.embedDim = int("dim")
      result.depth = int("depth")
      result.heads = int("heads")
      result.poolingStat = text("pooling_stat")
      result.erode = flag("dvs_mode")
      result.lossPerStep = flag("TET")
      result.neuron = NeuronConfiguration(tau: float("tau"))
      return result
    case "csnn":
      var result = SpikingCNN.Configuration()
      result.beta = float("beta")
      result.slope = float("slope")
      return result
    case "spikeformer_li": return spikeformer
    case "resnet18":
      var result = ResNet18.Configuration()
      result.width = int("width")
      return result
    case "vit":
      var result = VisionTransformer.Configuration()
      result.embedDim = int("dim")
      result.depth = int("depth")
      result.heads = int("heads")
      result.mlpRatio = int("mlp_ratio")
      result.patchSize = int("patch")
      return result
    case "small_cnn":
      var result = ConvolutionalNetwork.Configuration()
      result.architecture = "8C3-MP2-16C3-MP2-FC32-FC10"
      return result
    default: throw SpikeNetError(.unsupported, text("family"))
    }
  }

  private var spikeformer: Spikeformer.Configuration {
    var result = Spikeformer.Configuration()
    let strides = configuration["stride"] as? [Int]
    result.embedDim = int("dim")
    result.depth = int("depth")
    result.heads = int("heads")
    result.mlpRatio = int("mlp_ratio")
    result.kernel = int("kernel")
    result.stages = strides.map { $0.count { $0 == 2 } } ?? int("n_conv")
    result.blocksPerStage = strides == nil ? 1 : 2
    if isAnalog { result.neuron.kind = .analogParametricLeaky }
    return result
  }

  /// Whether neurons give rectified potentials, of which the reference stores the spikes.
  var isAnalog: Bool { text("neuron").hasPrefix("PLIAF") }

  /// Time steps; one for networks without time.
  private var steps: Int { max(int("T"), 1) }

  func makeRun(parallel: Parallel) throws -> GoldenRun {
    let file = try Safetensors.read(GoldenNetworks.path(name + ".safetensors"))
    let classes = (content["classes"] as? NSNumber)?.intValue ?? 0
    let input = ModelInput(
      steps: steps,
      height: int("img"),
      width: int("img"),
      channels: configuration["in_ch"] == nil ? 3 : int("in_ch"),
      classes: classes
    )
    var generator = SeededGenerator(seed: 1)
    let model = try makeConfiguration().makeModel(for: input, using: &generator)
    return try GoldenRun(
      golden: self,
      file: file,
      model: model,
      frames: try frames(file, for: input),
      classes: classes,
      parallel: parallel
    )
  }

  /// The input as `[T, B, H, W, C]`.
  private func frames(_ file: Safetensors, for input: ModelInput) throws -> Tensor {
    let x = try file.tensor("x")
    if text("family") == "csnn" { return x.permuted([0, 1, 3, 4, 2]) }
    if x.shape.rank == 5 { return x.permuted([1, 0, 3, 4, 2]) }
    return input.frames(repeating: x.permuted([0, 2, 3, 1]))
  }
}

/// A model with the reference's weights, on its way through the reference's steps.
final class GoldenRun {
  private let golden: GoldenModel
  private let file: Safetensors
  private let model: any Model
  private let frames: Tensor
  private let targets: Targets
  private let parallel: Parallel
  private var optimizer: OptimizerState

  init(
    golden: GoldenModel,
    file: Safetensors,
    model: any Model,
    frames: Tensor,
    classes: Int,
    parallel: Parallel
  ) throws {
    self.golden = golden
    self.file = file
    self.model = model
    self.frames = frames
    self.parallel = parallel
    targets = Targets(
      labels: try file.tensor("y").scalars.map { Int($0) },
      classes: classes,
      smoothing: golden.text("loss") == "ce_rate_loss" ? 0 : 0.1
    )
    try Self.load("sd.", of: file, into: model)
    optimizer = OptimizerState(
      AdamW(AdamMoments(beta1: 0.9, beta2: 0.999, epsilon: 1e-6), weightDecay: 0.06),
      of: model,
      decay: .matrices
    )
  }

  private static func load(_ prefix: String, of file: Safetensors, into model: any Model) throws {
    for (name, parameter) in model.namedParameters {
      parameter.exported = try file.tensor(prefix + model.originalName(of: name))
    }
    for (name, buffer) in model.namedBuffers {
      buffer.value = try file.tensor(prefix + model.originalName(of: name))
    }
  }

  private func expect(_ ours: Tensor?, equals name: String) throws {
    let tolerance = golden.tolerances[name] ?? [0, 0]
    let expected = try file.tensor(name)
    expectClose(
      try #require(ours, "\(name)"),
      expected,
      tolerance: max(20 * tolerance[0], 2e-5 * max(tolerance[1], name.hasPrefix("buf1") ? 1 : 0)),
      "\(golden.name) \(name)"
    )
  }

  private func step(_ number: Int, check: (ForwardPass, Variable, Gradients) throws -> Void) throws
  {
    let pass = ForwardPass(.training, parallel: parallel)
    var observed: Set<String> = []
    try observeSpikes(of: number, in: pass) { observed.insert($0) }
    let logits = model.logits(Variable(frames), in: pass)
    let recorded = file.names.filter { $0.hasPrefix("spk.") }
    #expect(number > 0 || observed == Set(recorded), "\(golden.name): neurons")
    let loss =
      golden.flag("TET")
      ? pass.temporalEfficientTraining(logits, targets, mean: 1, weight: 0.001)
      : pass.crossEntropy(logits, targets)
    let reference = try file.tensor("losses")[number]
    let tolerance = golden.tolerances["losses"] ?? [0, 0]
    #expect(
      abs(loss.tensor.scalar - reference) <= Float(max(20 * tolerance[0], 2e-5 * tolerance[1])),
      "\(golden.name) loss \(number)"
    )
    let gradients = pass.gradients(of: loss)
    try check(pass, logits, gradients)
    optimizer.apply(gradients, learningRate: 1e-3, parallel)
  }

  private func observeSpikes(
    of step: Int,
    in pass: ForwardPass,
    _ found: @escaping (String) -> Void
  ) throws {
    guard step == 0 else { return }
    var names: [ObjectIdentifier: String] = [:]
    for (name, module) in model.namedModules {
      names[ObjectIdentifier(module)] = model.originalName(of: name)
    }
    pass.observer = { [file, golden] neuron, spikes in
      guard let name = names[ObjectIdentifier(neuron)],
        let expected = try? file.tensor("spk." + name)
      else {
        Issue.record("\(golden.name): no reference for a neuron")
        return
      }
      found("spk." + name)
      var ours = spikes.tensor
      if golden.isAnalog { ours = Tensor(ours.shape, ours.scalars.map { $0 >= 1 ? 1 : 0 }) }
      // Tokens come as [T, B, N, C] from the program for CIFAR, otherwise channels come first.
      let isChannelsLast =
        ours.shape.rank < 5
        || golden.text("src").hasPrefix("cifar10/") && name.hasPrefix("block")
          && expected.shape.channels == ours.shape.channels
      let inOrder = isChannelsLast ? ours : ours.permuted([0, 1, 4, 2, 3])
      let different = zip(inOrder.scalars, expected.scalars).reduce(0) {
        $0 + ($1.0 == $1.1 ? 0 : 1)
      }
      #expect(different == 0 && ours.count == expected.count, "\(golden.name) spikes of \(name)")
    }
  }

  func firstStep() throws {
    var observed = 0
    try step(0) { _, logits, gradients in
      try expect(logits.tensor, equals: "logits")
      for (name, parameter) in model.namedParameters {
        let original = "grad." + model.originalName(of: name)
        try expect(gradients[parameter].map(parameter.layout.exported), equals: original)
        observed += 1
      }
      for (name, buffer) in model.namedBuffers {
        try expect(buffer.value, equals: "buf1." + model.originalName(of: name))
      }
    }
    let references = file.entries.filter { $0.name.hasPrefix("grad.") }.count
    #expect(observed == references, "\(golden.name): gradients of all parameters")
  }

  func remainingSteps() throws {
    for number in 1...2 { try step(number) { _, _, _ in } }
    for (name, parameter) in model.namedParameters {
      try expect(parameter.exported, equals: "sd3." + model.originalName(of: name))
    }
    for (name, buffer) in model.namedBuffers {
      try expect(buffer.value, equals: "sd3." + model.originalName(of: name))
    }
  }

  /// From the reference's state: a running variance near zero would multiply every rounding of the
  /// three steps before.
  func inference() throws {
    try Self.load("sd3.", of: file, into: model)
    let pass = ForwardPass(.inference, parallel: parallel)
    try expect(model.logits(Variable(frames), in: pass).tensor, equals: "eval_logits")
  }
}
