import Foundation
import SpikeNet
import Testing

@Suite struct SurrogateGradientTests {
  /// Each surrogate with the function whose derivative it is.
  private static let primitives: [(SurrogateGradient, @Sendable (Double) -> Double)] = [
    (.sigmoid(alpha: 4), { 1 / (1 + exp(-4 * $0)) }),
    (.arcTangent(alpha: 2), { atan(.pi / 2 * 2 * $0) / .pi + 0.5 }),
    (
      .piecewiseQuadratic(alpha: 1),
      { abs($0) > 1 ? ($0 > 0 ? 1 : 0) : -0.5 * $0 * abs($0) + $0 + 0.5 }
    ),
    (.softSign(alpha: 2), { (2 * $0 / (1 + abs(2 * $0)) + 1) / 2 }),
    (.fastSigmoid(slope: 25), { $0 / (1 + 25 * abs($0)) }),
    (.rectangle(alpha: 1), { min(max($0 + 0.5, 0), 1) }),
  ]

  @Test func slopesAreTheDerivativesOfTheirPrimitives() {
    for (surrogate, primitive) in Self.primitives {
      for z in stride(from: -1.93, through: 1.93, by: 0.0731) {
        let difference = (primitive(z + 1e-5) - primitive(z - 1e-5)) / 2e-5
        #expect(abs(Double(surrogate.slope(at: Float(z))) - difference) < 1e-3, "\(surrogate) \(z)")
      }
    }
  }

  @Test func theKernelsUseTheSameSlopes() throws {
    for (surrogate, _) in Self.primitives {
      let rule = FiringRule(threshold: 0.75, surrogate: surrogate)
      let pass = ForwardPass(.training)
      let potentials = (0..<101).map { Float($0) * 0.0371 - 1.2 }
      let x = pass.differentiable(Tensor([1, 101], potentials))
      let y = IF(rule: rule)(x, in: pass)
      let gradient = try #require(pass.gradients(of: y, seed: .ones([1, 101]), and: [x]).inputs[0])
      for (index, potential) in potentials.enumerated() {
        #expect(abs(gradient[index] - surrogate.slope(at: potential - 0.75)) < 1e-5)
      }
    }
  }
}
