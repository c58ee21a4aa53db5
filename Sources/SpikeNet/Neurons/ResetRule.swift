/// What happens to the membrane potential of a neuron that fired.
public enum ResetRule: Hashable, Codable, Sendable {
  /// It is set to a value: hard reset.
  case to(Float)
  /// The threshold is subtracted: soft reset.
  case subtractThreshold
  /// The threshold is subtracted one step later, as snnTorch's Leaky does.
  case subtractThresholdLate
  /// It is set to 0 one step later, as snnTorch's Leaky does if asked to.
  case toZeroLate

  /// Where the potential rests: the value of a hard reset, else 0.
  var restingPotential: Float {
    if case .to(let value) = self { value } else { 0 }
  }
}
