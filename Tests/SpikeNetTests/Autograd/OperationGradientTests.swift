import SpikeNet
import Testing

/// Every differentiable operation against finite differences.
@Suite struct OperationGradientTests {
  @Test(arguments: [(3, 1, 1), (3, 2, 1), (5, 1, 0), (1, 1, 0), (1, 2, 0)])
  func convolution(_ kernel: Int, _ stride: Int, _ padding: Int) {
    GradientCheck.expect([2, 7, 6, 3], [kernel, kernel, 3, 5], [5], tolerance: 1e-2) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], stride: stride, padding: padding)
    }
  }

  @Test func convolutionWithManyWeightsPerOutput() {
    GradientCheck.expect([2, 4, 5, 24], [3, 3, 24, 18], [18], tolerance: 1e-2) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], padding: 1)
    }
  }

  @Test(arguments: [3, 16, 20, 64, 70, 300])
  func convolutionOfSpikes(_ outChannels: Int) {
    var generator = SeededGenerator(seed: 3)
    let spikes = Spikes(packing: .random([2, 6, 5, 70], rate: 0.2, using: &generator))
    GradientCheck.expect([3, 3, 70, outChannels], [outChannels], tolerance: 1e-2) {
      $0.convolution(Variable(spikes), weight: $1[0], bias: $1[1], padding: 1)
    }
  }

  /// Counts are split into planes of spikes, the same counts times a fraction are not.
  @Test(arguments: [1, 2, 5, 31, 32], [Float(0.02), 0.2, 0.9])
  func sumsOfSpikesConvolveAsRealNumbersDo(_ largest: Int, _ rate: Float) throws {
    var generator = SeededGenerator(seed: UInt64(largest))
    let shape: Shape = [3, 9, 7, 128]
    let counts = Tensor(
      shape,
      (0..<shape.count).map { _ in
        Float.random(in: 0..<1, using: &generator) < rate
          ? Float(Int.random(in: 1...largest, using: &generator)) : 0
      }
    )
    let fraction: Float = 0.37
    for (kernel, stride, padding) in [(1, 1, 0), (3, 1, 1), (3, 2, 1)] {
      let weight = Tensor.normal([kernel, kernel, 128, 70], using: &generator)
      let bias = Tensor.normal([70], using: &generator)
      func run(_ factor: Float) throws -> (Tensor, [Tensor]) {
        let pass = ForwardPass(.training, parallel: Parallel(threads: 2))
        let x = pass.differentiable(Tensor(shape, counts.scalars.map { $0 * factor }))
        let w = pass.differentiable(weight)
        let b = pass.differentiable(Tensor([70], bias.scalars.map { $0 * factor }))
        let y = pass.convolution(x, weight: w, bias: b, stride: stride, padding: padding)
        let gradients = pass.gradients(of: y, seed: .ones(y.shape), and: [x, w])
        return (y.tensor, gradients.inputs.compactMap(\.self))
      }
      func scaled(_ tensor: Tensor) -> Tensor {
        Tensor(tensor.shape, tensor.scalars.map { $0 * fraction })
      }
      let (whole, part) = (try run(1), try run(fraction))
      let largest = Double(part.0.scalars.map(abs).max() ?? 0)
      expectClose(scaled(whole.0), part.0, tolerance: 1e-5 * largest, "y")
      expectClose(whole.1[0], part.1[0], tolerance: 1e-4, "dx")
      let steepest = Double(part.1[1].scalars.map(abs).max() ?? 0)
      expectClose(scaled(whole.1[1]), part.1[1], tolerance: 1e-5 * steepest, "dw")
    }
  }

  @Test func sumsOfSpikesDoNotDependOnThreads() throws {
    var generator = SeededGenerator(seed: 8)
    let shape: Shape = [6, 16, 16, 128]
    let counts = Tensor(
      shape,
      (0..<shape.count).map { _ in Float(max(0, Int.random(in: -9...3, using: &generator))) }
    )
    let weight = Tensor.normal([3, 3, 128, 70], using: &generator)
    let seed = Tensor.normal([6, 16, 16, 70], using: &generator)
    let results = try [1, 2, 7, 2].map { threads in
      let pass = ForwardPass(.training, parallel: Parallel(threads: threads))
      let w = pass.differentiable(weight)
      let y = pass.convolution(Variable(counts), weight: w, padding: 1)
      return [y.tensor, try #require(pass.gradients(of: y, seed: seed, and: [w]).inputs[0])]
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
  }

  @Test(arguments: [(1, 1, 0), (3, 1, 1), (3, 2, 1), (5, 2, 2), (5, 1, 0)], [1, 12, 64, 130])
  func spikesAndTheirUnpackedTensorConvolveAlike(
    _ window: (kernel: Int, stride: Int, padding: Int),
    _ channels: Int
  ) throws {
    var generator = SeededGenerator(seed: UInt64(channels))
    let dense = Tensor.random([3, 8, 9, channels], rate: 0.15, using: &generator)
    let weight = Tensor.normal([window.kernel, window.kernel, channels, 21], using: &generator)
    func run(_ spiking: Bool) throws -> (Tensor, [Tensor]) {
      let pass = ForwardPass(.training, parallel: Parallel(threads: 2))
      let x = spiking ? pass.differentiable(Spikes(packing: dense)) : pass.differentiable(dense)
      let w = pass.differentiable(weight)
      let y = pass.convolution(x, weight: w, stride: window.stride, padding: window.padding)
      var generator = SeededGenerator(seed: 9)
      let seed = Tensor.normal(y.shape, using: &generator)
      let gradients = pass.gradients(of: y, seed: seed, and: [x, w])
      return (y.tensor, try gradients.inputs.map { try #require($0) })
    }
    let (y, gradients) = try run(true)
    let (expected, expectedGradients) = try run(false)
    expectClose(y, expected, tolerance: 1e-4, "y")
    expectClose(gradients[0], expectedGradients[0], tolerance: 1e-4, "gx")
    expectClose(gradients[1], expectedGradients[1], tolerance: 1e-3, "gw")
  }

  @Test func batchNormalization() {
    let norm = BatchNorm(5)
    GradientCheck.expect([4, 3, 3, 5], tolerance: 1e-2) { norm($1[0], in: $0) }
  }

  @Test func batchNormalizationWithResidual() {
    let norm = BatchNorm(5)
    GradientCheck.expect([4, 3, 3, 5], [4, 3, 3, 5], tolerance: 1e-2) {
      norm($1[0], adding: $1[1], in: $0)
    }
  }

  @Test func frozenBatchNormalization() {
    let norm = BatchNorm(5, usesRunningStatistics: true)
    GradientCheck.expect([4, 3, 3, 5]) { norm($1[0], in: $0) }
  }

  @Test(arguments: [(2, 2, 0), (3, 2, 1), (3, 1, 1)])
  func maxPooling(_ kernel: Int, _ stride: Int, _ padding: Int) {
    GradientCheck.expect([2, 7, 6, 3], step: 1e-3, tolerance: 2e-2) {
      $0.maxPooling($1[0], kernel: kernel, stride: stride, padding: padding)
    }
  }

  @Test func linear() {
    GradientCheck.expect([4, 6], [6, 9], [9]) { $0.linear($1[0], weight: $1[1], bias: $1[2]) }
  }

  @Test func mean() {
    GradientCheck.expect([3, 2, 4, 5]) { $0.mean($1[0], over: 1..<3) }
    GradientCheck.expect([3, 2, 4]) { $0.mean($1[0], over: 0..<1) }
  }

  @Test func arithmetic() {
    GradientCheck.expect([3, 4], [3, 4]) { $0.sum($1[0], $1[1]) }
    GradientCheck.expect([3, 4], [3, 4]) { $0.difference($1[0], $1[1]) }
    GradientCheck.expect([3, 4], [3, 4]) { $0.product($1[0], $1[1]) }
    GradientCheck.expect([3, 4]) { $0.scaled($1[0], by: 0.3) }
    GradientCheck.expect([3, 4]) { $0.shifted($1[0], by: 0.3) }
    GradientCheck.expect([3, 4], []) { $0.scaled($1[0], by: $1[1]) }
    GradientCheck.expect([3, 4]) { $0.sigmoid($1[0]) }
  }

  @Test func aVariableUsedTwiceGetsBothGradients() {
    GradientCheck.expect([3, 4]) { $0.sum($0.product($1[0], $1[0]), $1[0]) }
  }

  @Test func shaping() {
    GradientCheck.expect([3, 4]) { $0.reshaped($1[0], to: [2, 6]) }
    GradientCheck.expect([3, 4]) { $0.timeStep($1[0], 1) }
    GradientCheck.expect([4], [4]) { $0.stacked([$1[0], $1[1]]) }
  }

  @Test func crossEntropy() {
    let targets = Targets(labels: [1, 4, 0], classes: 5, smoothing: 0.1)
    GradientCheck.expect([3, 5]) { $0.crossEntropy($1[0], targets) }
    GradientCheck.expect([4, 3, 5]) { $0.crossEntropy($1[0], targets) }
  }

  @Test func detachedValuesPassNoGradient() {
    let pass = ForwardPass(.training)
    let x = pass.differentiable(Tensor([2], [1, 2]))
    let y = pass.product(x, pass.detached(x))
    #expect(pass.gradients(of: y, seed: .ones([2]), and: [x]).inputs[0]?.scalars == [1, 2])
  }
}
