import SpikeNet
import Testing

struct OptimizerStateTests {
  private final class Layers: Module {
    let matrix = Parameter(.ones([2, 3]), layout: .linear)
    let vector = Parameter(.ones([4]))
    let scalar = Parameter(.ones([]))
    let inner = Biased()
  }

  private final class Biased: Module {
    let bias = Parameter(.ones([2, 2]))
  }

  private static let noMemory = AdamMoments(beta1: 0, beta2: 0, epsilon: 1)

  @Test func weightDecayLeavesVectorsAndBiasesAlone() {
    let model = Layers()
    var state = OptimizerState(AdamW(Self.noMemory, weightDecay: 0.5), of: model)
    state.apply({ .zeros($0.value.shape) }, learningRate: 0.1, Parallel(threads: 1))
    #expect(model.matrix.value == .filled([2, 3], with: 0.95))
    #expect(model.vector.value == .ones([4]))
    #expect(model.scalar.value == .filled([], with: 0.95))
    #expect(model.inner.bias.value == .ones([2, 2]))
  }

  @Test func weightDecayOfAllReachesEveryParameter() {
    let model = Layers()
    var state = OptimizerState(AdamW(Self.noMemory, weightDecay: 0.5), of: model, decay: .all)
    state.apply({ .zeros($0.value.shape) }, learningRate: 0.1, Parallel(threads: 1))
    for (_, parameter) in model.namedParameters { #expect(parameter.value[0] == 0.95) }
  }

  @Test func parametersWithoutGradientAreNotTouched() {
    let model = Layers()
    var state = OptimizerState(AdamW(weightDecay: 0.5), of: model, decay: .all)
    let norm = state.apply(
      { $0 === model.vector ? .filled([4], with: 3) : nil },
      learningRate: 0.1,
      Parallel(threads: 1)
    )
    #expect(norm == 6)
    #expect(model.matrix.value == .ones([2, 3]))
    #expect(model.vector.value[0] < 0.9)
  }

  @Test func gradientsAreClippedToTheNormOverAllParameters() {
    let model = Layers()
    var state = OptimizerState(SGD(momentum: 0), of: model, gradientNormLimit: 5)
    let gradients: [ObjectIdentifier: Tensor] = [
      ObjectIdentifier(model.vector): .filled([4], with: 3),
      ObjectIdentifier(model.inner.bias): .filled([2, 2], with: 4),
    ]
    let norm = state.apply(
      { gradients[ObjectIdentifier($0)] },
      learningRate: 1,
      Parallel(threads: 1)
    )
    #expect(norm == 10)
    #expect(model.vector.value == .filled([4], with: -0.5))
    #expect(model.inner.bias.value == .filled([2, 2], with: -1))
  }

  @Test func smallGradientsAreNotScaledUp() {
    let model = Layers()
    var state = OptimizerState(SGD(momentum: 0), of: model, gradientNormLimit: 100)
    state.apply(
      { $0 === model.vector ? .filled([4], with: 3) : nil },
      learningRate: 1,
      Parallel(threads: 1)
    )
    #expect(model.vector.value == .filled([4], with: -2))
  }

  private final class Large: Module {
    let weight: Parameter

    init() {
      var generator = SeededGenerator(seed: 7)
      weight = Parameter(.normal([300, 401], using: &generator))
    }
  }

  @Test(
    arguments: [
      AdamW(), Adam(weightDecay: 0.1), LAMB(), SGD(weightDecay: 0.1, isNesterov: true),
    ] as [any Optimizer]
  )
  func resultsDoNotDependOnTheNumberOfThreads(_ rule: any Optimizer) {
    let results = [1, 2, 3].map { threads in
      let model = Large()
      var state = OptimizerState(rule, of: model, gradientNormLimit: 1)
      var generator = SeededGenerator(seed: 8)
      for _ in 0..<3 {
        let gradient = Tensor.normal([300, 401], using: &generator)
        state.apply({ _ in gradient }, learningRate: 0.01, Parallel(threads: threads))
      }
      return model.weight.value
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
    #expect(results[0] != Large().weight.value)
  }
}
