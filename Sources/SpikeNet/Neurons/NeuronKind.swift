/// The neurons that a configuration can name.
public enum NeuronKind: String, ConfigurationChoice {
  /// Integrate-and-fire.
  case integrateAndFire = "if"
  /// Leaky integrate-and-fire.
  case leaky = "lif"
  /// Leaky integrate-and-fire with a learned time constant.
  case parametricLeaky = "plif"
  /// Leaky integrate and analog fire: gives the rectified potential.
  case analogLeaky = "liaf"
  /// The same with a learned time constant.
  case analogParametricLeaky = "pliaf"

  var output: NeuronOutput {
    switch self {
    case .integrateAndFire, .leaky, .parametricLeaky: .spikes
    case .analogLeaky, .analogParametricLeaky: .rectifiedPotential
    }
  }
}
