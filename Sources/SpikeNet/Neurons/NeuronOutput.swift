/// What a neuron gives to the layers after it.
public enum NeuronOutput: Hashable, Codable, Sendable {
  /// Zeros and ones.
  case spikes
  /// max(0, h), the potential before the reset: a leaky integrate and analog fire (LIAF) neuron.
  ///
  /// Wu et al., "LIAF-Net: leaky integrate and analog fire network" (2021).
  case rectifiedPotential
}
