import SpikeNet
import Testing

/// Spiking attention against plain loops over real numbers, and their finite differences.
@Suite struct SpikingAttentionTests {
  private struct Sizes: Sendable {
    let tokens: Int
    let channels: Int
    let heads: Int
  }

  /// Σ over keys of (q·k) v · scale, head by head, for one image.
  private static func oracle(
    _ q: [Float],
    _ k: [Float],
    _ v: [Float],
    _ sizes: Sizes,
    scale: Float
  ) -> [Float] {
    let width = sizes.channels / sizes.heads
    var output = [Float](repeating: 0, count: q.count)
    for head in 0..<sizes.heads {
      for n in 0..<sizes.tokens {
        for m in 0..<sizes.tokens {
          var score: Float = 0
          for c in head * width..<(head + 1) * width {
            score += q[n * sizes.channels + c] * k[m * sizes.channels + c]
          }
          for c in head * width..<(head + 1) * width {
            output[n * sizes.channels + c] += scale * score * v[m * sizes.channels + c]
          }
        }
      }
    }
    return output
  }

  /// Heads narrower and wider than the tokens are many, and heads that straddle words.
  @Test(arguments: [(9, 32, 2), (4, 128, 2), (5, 96, 2), (64, 256, 16), (3, 144, 3), (6, 8, 2)])
  func equalsPlainLoops(_ tokens: Int, _ channels: Int, _ heads: Int) throws {
    let sizes = Sizes(tokens: tokens, channels: channels, heads: heads)
    let shape: Shape = [1, 1, tokens, channels]
    var generator = SeededGenerator(seed: UInt64(tokens * channels))
    let inputs = (0..<3).map { _ in Tensor.random(shape, rate: 0.3, using: &generator) }
    let pass = ForwardPass(.training)
    let variables = inputs.map { pass.differentiable(Spikes(packing: $0)) }
    let y = pass.spikingSelfAttention(
      variables[0],
      variables[1],
      variables[2],
      heads: heads,
      scale: 0.125
    )
    let scalars = inputs.map(\.scalars)
    let expected = Self.oracle(scalars[0], scalars[1], scalars[2], sizes, scale: 0.125)
    #expect(y.tensor.scalars == expected)

    let seed = Tensor.normal(shape, using: &generator)
    let gradients = pass.gradients(of: y, seed: seed, and: variables)
    func value(_ inputs: [[Float]]) -> Double {
      let output = Self.oracle(inputs[0], inputs[1], inputs[2], sizes, scale: 0.125)
      return zip(output, seed.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for index in 0..<3 {
      let gradient = try #require(gradients.inputs[index])
      for element in stride(from: 0, to: shape.count, by: max(1, shape.count / 20)) {
        var moved = scalars
        moved[index][element] += 1
        let above = value(moved)
        moved[index][element] -= 2
        // The product is linear in each factor, so that a large step is exact.
        let difference = (above - value(moved)) / 2
        #expect(abs(difference - Double(gradient[element])) < 1e-3, "\(index) \(element)")
      }
    }
  }
}
