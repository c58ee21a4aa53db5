import Foundation
import SpikeNet
import Testing

/// What every neuron must do, and its fused kernel against its steps.
@Suite struct NeuronTests {
  private static let rules: [FiringRule] = [
    FiringRule(),
    FiringRule(threshold: 0.5, reset: .to(-0.25), detachesReset: false),
    FiringRule(threshold: 0.7, reset: .subtractThreshold, surrogate: .arcTangent(alpha: 2)),
    FiringRule(
      isStrict: true,
      reset: .subtractThreshold,
      detachesReset: false,
      surrogate: .piecewiseQuadratic(alpha: 1)
    ),
    FiringRule(output: .rectifiedPotential),
    FiringRule(
      threshold: 0.5,
      reset: .to(-0.25),
      detachesReset: false,
      output: .rectifiedPotential
    ),
  ]

  private static var neurons: [(String, any SpikingNeuron)] {
    rules.enumerated().flatMap { index, rule -> [(String, any SpikingNeuron)] in
      [
        ("IF \(index)", IF(rule: rule)),
        ("LIF \(index)", LIF(timeConstant: 1.5, rule: rule)),
        ("LIF undecayed \(index)", LIF(timeConstant: 2, decaysInput: false, rule: rule)),
        ("PLIF \(index)", PLIF(initialTimeConstant: 1.7, rule: rule)),
        ("PLIF undecayed \(index)", PLIF(initialTimeConstant: 2, decaysInput: false, rule: rule)),
      ]
    } + [
      ("Leaky", Leaky()), ("Leaky 0.9", Leaky(beta: 0.9, threshold: 0.6)),
      ("Leaky to zero", Leaky(beta: 0.8, resetsToZero: true)),
    ]
  }

  /// Channel counts below, at and across vectors and words.
  @Test(arguments: [1, 8, 16, 37, 64, 100])
  func fusedKernelsEqualTheirSteps(_ channels: Int) throws {
    for (name, neuron) in Self.neurons {
      var generator = SeededGenerator(seed: UInt64(channels))
      let x = Tensor.normal([5, 2, 3, channels], mean: 0.4, using: &generator)
      let seed = Tensor.normal(x.shape, using: &generator)
      func run(fused: Bool) throws -> (Tensor, Tensor, [Tensor]) {
        let pass = ForwardPass(.training, parallel: Parallel(threads: 2))
        let input = pass.differentiable(x)
        let y = fused ? neuron(input, in: pass) : neuron.runSteps(input, in: pass)
        let gradients = pass.gradients(of: y, seed: seed, and: [input])
        return (
          y.tensor, try #require(gradients.inputs[0]),
          neuron.namedParameters.compactMap { gradients[$0.parameter] }
        )
      }
      let fused = try run(fused: true)
      let steps = try run(fused: false)
      expectClose(fused.0, steps.0, tolerance: 1e-6, "\(name): output")
      #expect(Set(fused.0.scalars).count > 1 && fused.0.scalars.contains(0), "\(name): all alike")
      expectClose(fused.1, steps.1, tolerance: 2e-5, "\(name): gradient of the input")
      #expect(fused.2.count == steps.2.count)
      for (ours, expected) in zip(fused.2, steps.2) {
        expectClose(ours, expected, tolerance: 1e-3, "\(name): gradient of w")
      }
    }
  }

  @Test func silenceInGivesSilenceOut() {
    for (name, neuron) in Self.neurons {
      let pass = ForwardPass(.inference)
      let y = neuron(Variable(.zeros([6, 1, 20])), in: pass)
      #expect(y.tensor.scalars.allSatisfy { $0 == 0 }, "\(name)")
    }
  }

  @Test func integrateAndFireCountsItsInput() {
    let neuron = IF(rule: FiringRule(reset: .subtractThreshold))
    let y = neuron(Variable(.filled([8, 1], with: 0.375)), in: ForwardPass(.inference))
    #expect(y.tensor.scalars == [0, 0, 1, 0, 0, 1, 0, 1])
  }

  /// With τ = 2 and hard reset, v after n silent steps is x·(1 − 2⁻ⁿ).
  @Test func leakyNeuronFiresWhenItsExponentialReachesTheThreshold() {
    let y = LIF(timeConstant: 2)(
      Variable(.filled([9, 1], with: 1.125)),
      in: ForwardPass(.inference)
    )
    #expect(y.tensor.scalars == [0, 0, 0, 1, 0, 0, 0, 1, 0])
  }

  @Test func hardResetLeavesTheValueThatWasAskedFor() {
    let neuron = LIF(timeConstant: 2, rule: FiringRule(reset: .to(-0.5)))
    let pass = ForwardPass(.inference)
    var state = neuron.initialState(like: [2], in: pass)
    #expect(state.v.tensor.scalars == [-0.5, -0.5])
    let spikes = neuron.step(Variable(Tensor([2], [4, 0.25])), &state, in: pass)
    #expect(spikes.tensor.scalars == [1, 0])
    #expect(state.v.tensor.scalars == [-0.5, -0.375])
  }

  @Test func aNeuronWrittenOnlyAsStepWorksInPlaceOfAFusedOne() throws {
    let x = Tensor([3, 2], [0.6, 1.2, 0.6, 0.1, 0.9, 1.5])
    let pass = ForwardPass(.training)
    let input = pass.differentiable(x)
    let norm = BatchNorm(2)
    let y = Doubling()(input, after: norm, in: pass)
    #expect(y.shape == x.shape)
    let gradients = pass.gradients(of: y, seed: .ones(y.shape), and: [input])
    #expect(try #require(gradients.inputs[0]).scalars.contains { $0 != 0 })
  }

  /// Fires where twice the current reaches 1; has neither memory nor kernel.
  private final class Doubling: SpikingNeuron {
    func initialState(like current: Shape, in pass: ForwardPass) {}

    func step(_ current: Variable, _ state: inout Void, in pass: ForwardPass) -> Variable {
      pass.spike(pass.scaled(current, by: 2), by: FiringRule())
    }
  }
}
