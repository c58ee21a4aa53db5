import SpikeNet
import Testing

/// What networks without spikes compute, against finite differences and plain sums.
@Suite struct DenseGradientTests {
  @Test(arguments: [1, 5, 16, 40])
  func layerNormalization(_ channels: Int) {
    GradientCheck.expect([3, 7, channels], [channels], [channels], tolerance: 2e-2) {
      $0.layerNormalization($1[0], gamma: $1[1], beta: $1[2], epsilon: 0.1)
    }
  }

  @Test(arguments: [AttendedAxis.tokens, .steps], [(1, 4), (2, 4), (3, 18)])
  func softmaxAttention(_ axis: AttendedAxis, _ size: (heads: Int, channels: Int)) {
    GradientCheck.expect([3, 2, 5, 3 * size.channels], tolerance: 1e-2) {
      $0.softmaxAttention($1[0], heads: size.heads, over: axis)
    }
  }

  @Test func softmaxOfManyTokensSumsToOne() {
    var generator = SeededGenerator(seed: 4)
    var projections = Tensor.normal([1, 2, 300, 12], standardDeviation: 20, using: &generator)
    for row in 0..<600 {
      for channel in 8..<12 { projections[row * 12 + channel] = 1 }
    }
    let pass = ForwardPass(.inference)
    let y = pass.softmaxAttention(Variable(projections), heads: 2, over: .tokens).tensor
    for value in y.scalars { #expect(abs(value - 1) < 1e-5) }
  }

  @Test func activations() {
    GradientCheck.expect([3, 13]) { $0.gelu($1[0]) }
    GradientCheck.expect([3, 13], step: 1e-3) { $0.rectified($1[0]) }
  }

  @Test func activationsLetNotANumberPass() {
    let pass = ForwardPass(.inference)
    let x = Variable(Tensor([3], [.nan, -1, 2]))
    for y in [pass.gelu(x), pass.rectified(x)] { #expect(y.tensor[0].isNaN) }
  }

  @Test(arguments: [1, 2, 3])
  func averagePooling(_ kernel: Int) {
    GradientCheck.expect([2, 7, 6, 3]) { $0.averagePooling($1[0], kernel: kernel) }
  }

  @Test func repeatedSums() {
    GradientCheck.expect([3, 2, 4, 5], [4, 5]) { $0.sum($1[0], repeating: $1[1], over: 0..<2) }
    GradientCheck.expect([3, 2, 4, 5], [1, 3, 5]) { $0.sum($1[0], repeating: $1[1], over: 1..<3) }
  }

  @Test func tokens() {
    GradientCheck.expect([1, 1, 5], [3, 2, 4, 5]) { $0.prepending($1[0], to: $1[1]) }
    GradientCheck.expect([3, 2, 4, 5]) { $0.firstToken(of: $1[0]) }
    GradientCheck.expect([1, 4, 3]) { $0.rows(of: $1[0], at: [0, 0, 2, 3, 2]) }
    GradientCheck.expect([3, 2, 4, 5], [3, 2, 4, 1]) { $0.pooledTokens($1[0], by: $1[1]) }
  }

  @Test func pooledTokensAreTheMeanWhereScoresAreEqual() {
    var generator = SeededGenerator(seed: 4)
    let values = Tensor.normal([3, 2, 4, 5], using: &generator)
    let pass = ForwardPass(.inference)
    let pooled = pass.pooledTokens(Variable(values), by: Variable(.filled([3, 2, 4, 1], with: 7)))
    let mean = pass.mean(pass.mean(Variable(values), over: 2..<3), over: 0..<1)
    expectClose(pooled.tensor, mean.tensor, tolerance: 1e-6, "mean")
  }

  /// Groups are dropped whole, the others grow, and gradients go the same way.
  @Test func droppedPathsAreDroppedWhole() throws {
    let pass = ForwardPass(.training, generator: SeededGenerator(seed: 5))
    let x = pass.differentiable(.ones([4, 50, 3, 2]))
    let y = pass.droppingPaths(x, rate: 0.25, groups: 0..<2)
    let gradient = try #require(
      pass.gradients(of: y, seed: .ones(y.shape), and: [x]).inputs[0]
    )
    #expect(gradient == y.tensor)
    let groups = (0..<200).map { y.tensor.scalars[$0 * 6..<$0 * 6 + 6] }
    for group in groups { #expect(Set(group).count == 1) }
    #expect(Set(y.tensor.scalars) == [0, 1 / 0.75])
    #expect((20...80).contains(groups.count { $0.first == 0 }))
    let inference = ForwardPass(.inference)
    let kept = inference.droppingPaths(Variable(.ones([4, 50])), rate: 0.25, groups: 0..<1)
    #expect(kept.tensor == .ones([4, 50]))
  }

  @Test(arguments: [2, 7])
  func threadsDoNotChangeTheNumbers(_ threads: Int) {
    func run(_ threads: Int) -> [Tensor?] {
      var generator = SeededGenerator(seed: 6)
      let pass = ForwardPass(.training, parallel: Parallel(threads: threads))
      let x = pass.differentiable(.normal([4, 3, 65, 72], using: &generator))
      let gamma = pass.differentiable(.normal([24], using: &generator))
      let scores = Variable(.normal([4, 3, 65, 1], using: &generator))
      let tokens = pass.softmaxAttention(x, heads: 3, over: .tokens)
      let steps = pass.gelu(pass.layerNormalization(tokens, gamma: gamma, beta: gamma, epsilon: 1))
      let y = pass.pooledTokens(steps, by: scores)
      return [y.tensor] + pass.gradients(of: y, seed: .ones(y.shape), and: [x, gamma]).inputs
    }
    #expect(run(threads) == run(1))
  }
}
