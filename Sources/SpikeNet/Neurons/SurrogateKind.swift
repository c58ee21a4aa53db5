/// The surrogates that a configuration can name.
public enum SurrogateKind: String, ConfigurationChoice {
  /// Derivative of the logistic function.
  case sigmoid
  /// Derivative of the arc tangent.
  case atan
  /// A triangle.
  case piecewiseQuadratic = "piecewise_quadratic"
  /// Derivative of the soft sign.
  case softSign = "softsign"
  /// snnTorch's fast sigmoid.
  case fastSigmoid = "fast_sigmoid"
  /// A rectangle.
  case rectangle = "rect"
}
