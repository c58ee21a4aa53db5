import SpikeNet
import Testing

/// Compares an operation's gradients with central differences of its value.
enum GradientCheck {
  /// Expects the gradient of the inner product of the result with random numbers to be right.
  ///
  /// - Parameters:
  ///   - shapes: The inputs, which are filled with standard normal numbers.
  ///   - step: The displacement of the differences.
  ///   - operation: Computes the result from differentiable inputs.
  static func expect(
    _ shapes: Shape...,
    step: Float = 1e-2,
    tolerance: Double = 4e-3,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ operation: (ForwardPass, [Variable]) -> Variable
  ) {
    var generator = SeededGenerator(seed: 7)
    let inputs = shapes.map { Tensor.normal($0, using: &generator) }
    let pass = ForwardPass(.training, parallel: Parallel(threads: 2))
    let variables = inputs.map { pass.differentiable($0) }
    let result = operation(pass, variables)
    let seed = Tensor.normal(result.shape, using: &generator)
    let gradients = pass.gradients(of: result, seed: seed, and: variables)
    func value(_ inputs: [Tensor]) -> Double {
      let pass = ForwardPass(.training, parallel: Parallel(threads: 1))
      let result = operation(pass, inputs.map { pass.differentiable($0) }).tensor
      return zip(result.scalars, seed.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for (index, input) in inputs.enumerated() {
      guard let gradient = gradients.inputs[index] else {
        Issue.record("input \(index) has no gradient", sourceLocation: sourceLocation)
        continue
      }
      let scale = max(1, gradient.scalars.map { Double(abs($0)) }.max() ?? 1)
      for element in sampled(input.count) {
        var moved = inputs
        moved[index][element] = input[element] + step
        let above = value(moved)
        moved[index][element] = input[element] - step
        let difference = (above - value(moved)) / (2 * Double(step))
        #expect(
          abs(difference - Double(gradient[element])) <= tolerance * scale,
          "input \(index), element \(element)",
          sourceLocation: sourceLocation
        )
      }
    }
  }

  /// All elements of small inputs, and some 40 spread over large ones.
  private static func sampled(_ count: Int) -> StrideTo<Int> {
    stride(from: 0, to: count, by: max(1, count / 40))
  }
}
