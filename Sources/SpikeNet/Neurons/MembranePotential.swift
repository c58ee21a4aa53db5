/// The one state of the integrate-and-fire family.
public struct MembranePotential {
  /// The potential after the last reset, in the currents' shape.
  public var v: Variable
  /// The last spikes; only a late reset reads them.
  public var spikes: Variable?

  /// Fires and resets at potential `h`; keeps what the next step starts from, returns the output.
  mutating func fire(at h: Variable, by rule: FiringRule, in pass: ForwardPass) -> Variable {
    let spikes = pass.spike(h, by: rule)
    let inReset = rule.detachesReset ? pass.detached(spikes) : spikes
    switch rule.reset {
    case .to(let value):
      let kept = pass.difference(h, pass.product(inReset, h))
      v = value == 0 ? kept : pass.sum(kept, pass.scaled(inReset, by: value))
    case .subtractThreshold:
      v = pass.difference(h, pass.scaled(inReset, by: rule.threshold))
    case .subtractThresholdLate, .toZeroLate:
      v = h
      self.spikes = pass.detached(spikes)
    }
    switch rule.output {
    case .spikes: return spikes
    case .rectifiedPotential: return pass.rectified(h)
    }
  }

  /// The state before the first step: the value of a hard reset, else 0.
  static func atRest(_ shape: Shape, _ rule: FiringRule) -> MembranePotential {
    MembranePotential(v: Variable(.filled(shape, with: rule.reset.restingPotential)), spikes: nil)
  }
}
