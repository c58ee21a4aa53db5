import Foundation

extension SurrogateGradient {
  /// The derivative at z = potential − threshold.
  public func slope(at z: Float) -> Float {
    switch self {
    case .sigmoid(let alpha):
      let e = exp(-alpha * abs(z))
      return alpha * e / ((1 + e) * (1 + e))
    case .arcTangent(let alpha):
      let scaled = Float.pi / 2 * alpha * z
      return alpha / 2 / (1 + scaled * scaled)
    case .piecewiseQuadratic(let alpha):
      return abs(z) <= 1 / alpha ? alpha - alpha * alpha * abs(z) : 0
    case .softSign(let alpha):
      let distance = 1 / alpha + abs(z)
      return 1 / (2 * alpha * distance * distance)
    case .fastSigmoid(let slope):
      let distance = slope * abs(z) + 1
      return 1 / (distance * distance)
    case .rectangle(let alpha):
      return abs(z) < 0.5 / alpha ? alpha : 0
    }
  }
}
