import ArgumentParser
import SpikeNet

/// What operations are said to cost.
struct EnergyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Energy of a multiply-add.", valueName: "pJ"))
  var macEnergy = EnergyConstants().macPicojoules

  @Option(help: ArgumentHelp("Energy of an addition.", valueName: "pJ"))
  var acEnergy = EnergyConstants().acPicojoules

  func validate() throws {
    guard [macEnergy, acEnergy].allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw ValidationError("--mac-energy and --ac-energy are picojoules, at least 0")
    }
  }

  /// The costs.
  var constants: EnergyConstants {
    var constants = EnergyConstants()
    constants.macPicojoules = macEnergy
    constants.acPicojoules = acEnergy
    return constants
  }
}
