/// The neurons that a configuration can name.
public enum NeuronKind: String, ConfigurationChoice {
  /// Integrate-and-fire.
  case integrateAndFire = "if"
  /// Leaky integrate-and-fire.
  case leaky = "lif"
  /// Leaky integrate-and-fire with a learned time constant.
  case parametricLeaky = "plif"
}
