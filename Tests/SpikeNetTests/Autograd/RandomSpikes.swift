import SpikeNet

extension Tensor {
  /// Zeros and ones, ones with a probability of `rate`.
  static func random(
    _ shape: Shape,
    rate: Float,
    using generator: inout SeededGenerator
  ) -> Tensor {
    Tensor(
      shape,
      (0..<shape.count).map { _ in Float.random(in: 0..<1, using: &generator) < rate ? 1 : 0 }
    )
  }
}
