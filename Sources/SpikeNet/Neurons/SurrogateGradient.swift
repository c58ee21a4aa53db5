import CSpikeKernels

/// The smooth stand-in for the derivative of the step function, at z = potential − threshold.
///
/// Neftci, Mostafa and Zenke, "Surrogate gradient learning in spiking neural networks" (2019).
public enum SurrogateGradient: Hashable, Codable, Sendable {
  /// α·s·(1 − s) with s = 1 / (1 + exp(−α·z)).
  case sigmoid(alpha: Float)
  /// α/2 / (1 + (π/2·α·z)²).
  case arcTangent(alpha: Float)
  /// α − α²·|z| within ±1/α, else 0.
  case piecewiseQuadratic(alpha: Float)
  /// 1 / (2α·(1/α + |z|)²).
  case softSign(alpha: Float)
  /// 1 / (slope·|z| + 1)².
  case fastSigmoid(slope: Float)
  /// α within ±1/(2α), else 0.
  case rectangle(alpha: Float)

  var kind: neuron_surrogate {
    switch self {
    case .sigmoid: SURROGATE_SIGMOID
    case .arcTangent: SURROGATE_ATAN
    case .piecewiseQuadratic: SURROGATE_PIECEWISE_QUADRATIC
    case .softSign: SURROGATE_SOFT_SIGN
    case .fastSigmoid: SURROGATE_FAST_SIGMOID
    case .rectangle: SURROGATE_RECTANGLE
    }
  }

  var alpha: Float {
    switch self {
    case .sigmoid(let alpha), .arcTangent(let alpha), .piecewiseQuadratic(let alpha),
      .softSign(let alpha), .fastSigmoid(let alpha), .rectangle(let alpha):
      alpha
    }
  }
}
