import SpikeNet
import Testing
import _TestSupport

/// Neurons against SpikingJelly and snnTorch: the fused kernel and the step by step oracle.
@Suite(.enabled(if: GoldenNetworks.isPresent, Comment(rawValue: GoldenNetworks.absent)))
struct GoldenNeuronTests {
  enum Path: String, CaseIterable, Sendable { case fused, steps }

  private func surrogate(_ name: String) throws -> SurrogateGradient {
    switch name {
    case "sigmoid_a4": .sigmoid(alpha: 4)
    case "atan_a2": .arcTangent(alpha: 2)
    case "piecewise_quadratic_a1": .piecewiseQuadratic(alpha: 1)
    case "softsign_a2": .softSign(alpha: 2)
    case "fast_sigmoid_k25": .fastSigmoid(slope: 25)
    case "rect_a1": .rectangle(alpha: 1)
    default: throw SpikeNetError(.unsupported, "surrogate \(name)")
    }
  }

  private func rule(_ test: GoldenCase) throws -> FiringRule {
    FiringRule(
      threshold: test.float("v_threshold"),
      reset: test.float("v_reset").isNaN ? .subtractThreshold : .to(test.float("v_reset")),
      detachesReset: test.flag("detach_reset"),
      surrogate: try surrogate(test.text("surrogate")),
      output: test.text("output").hasPrefix("relu(h)") ? .rectifiedPotential : .spikes
    )
  }

  private func run(
    _ neuron: some SpikingNeuron,
    _ x: Variable,
    _ path: Path,
    in pass: ForwardPass
  ) -> Variable {
    path == .fused ? neuron(x, in: pass) : neuron.runSteps(x, in: pass)
  }

  @Test(arguments: GoldenCase.all("lif"), Path.allCases)
  func leakyIntegrateAndFire(_ test: GoldenCase, _ path: Path) throws {
    let tensors = try test.tensors()
    let neuron = LIF(
      timeConstant: test.float("tau"),
      decaysInput: test.flag("decay_input"),
      rule: try rule(test)
    )
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors.shared("shared/x"))
    let y = run(neuron, x, path, in: pass)
    try test.expect(y.tensor, equals: "y", in: tensors)
    let gradients = pass.gradients(of: y, seed: try tensors.shared("shared/gy"), and: [x])
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors)
  }

  @Test(arguments: GoldenCase.all("lif", "lif_with_state"))
  func membranePotential(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let neuron = LIF(
      timeConstant: test.float("tau"),
      decaysInput: test.flag("decay_input"),
      rule: try rule(test)
    )
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors.shared("shared/x"))
    var state = neuron.initialState(like: [x.shape[1]], in: pass)
    let hasState = test.operation == "lif_with_state"
    let v0 = pass.differentiable(try tensors.shared("shared/v0"))
    if hasState { state.v = v0 }
    let y = pass.stacked(
      (0..<x.shape[0]).map { neuron.step(pass.timeStep(x, $0), &state, in: pass) }
    )
    try test.expect(y.tensor, equals: "y", in: tensors)
    try test.expect(state.v.tensor, equals: "v_last", in: tensors)
    let gradients = pass.gradients(of: y, seed: try tensors.shared("shared/gy"), and: [x, v0])
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors)
    if hasState { try test.expect(gradients.inputs[1], equals: "gv0", in: tensors) }
  }

  @Test(arguments: GoldenCase.all("lif_ties"))
  func exactTiesFire(_ test: GoldenCase) throws {
    let tensors = try test.tensors()
    let neuron = LIF(
      timeConstant: test.float("tau"),
      decaysInput: true,
      rule: FiringRule(threshold: test.float("v_threshold"), reset: .to(test.float("v_reset")))
    )
    let pass = ForwardPass(.inference)
    let y = neuron(Variable(try tensors.shared("ties/x")), in: pass)
    #expect(y.tensor.scalars == (try tensors("y").scalars))
  }

  @Test(arguments: GoldenCase.all("plif"), Path.allCases)
  func parametricLeaky(_ test: GoldenCase, _ path: Path) throws {
    let tensors = try test.tensors()
    let neuron = PLIF(decaysInput: test.flag("decay_input"), rule: try rule(test))
    let w = try #require(neuron.namedParameters.first?.parameter)
    w.value = try tensors("w")
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x"))
    let y = run(neuron, x, path, in: pass)
    try test.expect(y.tensor, equals: "y", in: tensors)
    let gradients = pass.gradients(of: y, seed: try tensors("gy"), and: [x])
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors)
    try test.expect(gradients[w], equals: "gw", in: tensors)
  }

  /// Spikes by both paths; potentials, and the gradient of both weighed together, by the steps.
  @Test(arguments: GoldenCase.all("snntorch_leaky"), Path.allCases)
  func snnTorchLeaky(_ test: GoldenCase, _ path: Path) throws {
    let tensors = try test.tensors()
    let neuron = Leaky(
      beta: test.float("beta"),
      threshold: test.float("threshold"),
      resetsToZero: test.text("reset") == "zero",
      surrogate: .fastSigmoid(slope: test.float("slope"))
    )
    let pass = ForwardPass(.training)
    let x = pass.differentiable(try tensors("x"))
    guard path == .steps else {
      return try test.expect(neuron(x, in: pass).tensor, equals: "spk", in: tensors)
    }
    var state = neuron.initialState(like: [x.shape[1]], in: pass)
    var potentials: [Variable] = []
    let spikes = (0..<x.shape[0]).map { t in
      let spikes = neuron.step(pass.timeStep(x, t), &state, in: pass)
      potentials.append(state.v)
      return spikes
    }
    try test.expect(pass.stacked(spikes).tensor, equals: "spk", in: tensors)
    try test.expect(pass.stacked(potentials).tensor, equals: "mem", in: tensors)
    let weights = try tensors("gs").scalars + tensors("gm").scalars
    let both = pass.stacked(spikes + potentials)
    let gradients = pass.gradients(of: both, seed: Tensor(both.shape, weights), and: [x])
    try test.expect(gradients.inputs[0], equals: "gx", in: tensors)
  }
}
