import SpikeNet
import Testing

/// A neuron that normalises while it integrates, against normalisation and neuron one by one.
@Suite struct FusedNormalizationTests {
  @Test(arguments: [3, 16, 40, 64, 96])
  func equalsNormalizationThenNeuron(_ channels: Int) throws {
    var generator = SeededGenerator(seed: 5)
    let x = Tensor.normal([4, 3, 5, channels], mean: 2, standardDeviation: 3, using: &generator)
    let seed = Tensor.normal(x.shape, using: &generator)
    func run(fused: Bool) throws -> (Tensor, [Tensor], BatchNorm) {
      let norm = BatchNorm(channels)
      var generator = SeededGenerator(seed: 6)
      for (_, parameter) in norm.namedParameters {
        parameter.value = .uniform([channels], in: 0.5..<1.5, using: &generator)
      }
      let neuron = LIF(timeConstant: 2)
      let pass = ForwardPass(.training, parallel: Parallel(threads: fused ? 2 : 1))
      let input = pass.differentiable(x)
      let y =
        fused ? neuron(input, after: norm, in: pass) : neuron(norm(input, in: pass), in: pass)
      let gradients = pass.gradients(of: y, seed: seed, and: [input])
      let all = [gradients.inputs[0]] + norm.namedParameters.map { gradients[$0.parameter] }
      return (y.tensor, try all.map { try #require($0) }, norm)
    }
    let fused = try run(fused: true)
    let plain = try run(fused: false)
    #expect(fused.0 == plain.0)
    for (ours, expected) in zip(fused.1, plain.1) {
      expectClose(ours, expected, tolerance: 1e-4, "gradient")
    }
    for (ours, expected) in zip(fused.2.namedBuffers, plain.2.namedBuffers) {
      #expect(ours.buffer.value == expected.buffer.value)
    }
  }
}
