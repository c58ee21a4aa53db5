/// Factors that keep the norm of all gradients together within a limit.
public enum GradientClipping {
  /// The Euclidean norm over all gradients.
  public static func norm(of gradients: [Tensor], _ parallel: Parallel) -> Double {
    gradients.reduce(0) { sum, gradient in
      let pointer = gradient.pointer
      let squares = BlockSums(count: gradient.count, parallel: parallel)
        .squares(of: { pointer[$0] })
      return withExtendedLifetime(gradient) { sum + squares }
    }.squareRoot()
  }

  /// The factor that brings `norm` to `limit` if it is above.
  public static func scale(norm: Double, limit: Double) -> Double {
    norm > limit ? limit / norm : 1
  }
}
