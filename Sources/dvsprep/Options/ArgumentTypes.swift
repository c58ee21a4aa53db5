import ArgumentParser
import EventIO
import Framing

// Words of the command line for types of the libraries.

extension SensorGeometry: ExpressibleByArgument {
  /// Parses `128x128`.
  public init?(argument: String) { self.init(argument) }
}

extension AEDAT31Policy: ExpressibleByArgument {}
extension Shard: ExpressibleByArgument {}
extension DurationRule: ExpressibleByArgument {}
extension StrayEventRule: ExpressibleByArgument {}

extension Split: ExpressibleByArgument {
  /// Parses `sj-0.9` or `kfold:5`.
  public init?(argument: String) { self.init(argument) }
}

/// What the inputs are taken for.
enum DatasetChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case dvs128Gesture = "dvs128-gesture"
  case cifar10DVS = "cifar10-dvs"
  case nMNIST = "n-mnist"
  case folder
  case recording

  /// The kind; nil decides from the files.
  var kind: DatasetKind? { DatasetKind(rawValue: rawValue) }
}

/// What decides where a fixed number of frames begins.
enum SplitBy: String, CaseIterable, ExpressibleByArgument {
  case number
  case time
}
