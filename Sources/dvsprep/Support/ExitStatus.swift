import EventIO
import Framing
import SpikeNet

/// How the program ends; the numbers are those of `sysexits.h`.
enum ExitStatus: Int32 {
  /// It failed for a reason that has no number of its own.
  case failed = 1
  /// Some inputs failed, and it was asked to go on.
  case someFailed = 2
  /// The command line or configuration makes no sense.
  case usage = 64
  /// The content of an input is damaged, or does not fit.
  case badData = 65
  /// An input does not exist.
  case inputMissing = 66
  /// The operating system refused to read or write.
  case inputOutput = 74

  /// The status of an error of our own; nil for those of the argument parser.
  init?(of error: any Error) {
    switch error {
    case let error as CommandFailure: self = error.status
    case let error as SpikeNetError: self.init(error.kind)
    case let error as RecordingError: self.init(error.kind)
    case let error as FramingError: self.init(error.kind)
    case let error as UnfinishedConversion:
      guard let status = ExitStatus(of: error.cause) else { return nil }
      self = status
    default: return nil
    }
  }

  private init(_ kind: SpikeNetError.Kind) {
    switch kind {
    case .missing: self = .inputMissing
    case .inputOutput: self = .inputOutput
    case .corrupt, .unsupported, .mismatch: self = .badData
    case .configuration: self = .usage
    default: self = .failed
    }
  }

  private init(_ kind: FramingError.Kind) {
    switch kind {
    case .missing, .nothingFound: self = .inputMissing
    case .inputOutput, .output: self = .inputOutput
    case .usage: self = .usage
    default: self = .badData
    }
  }

  private init(_ kind: RecordingError.Kind) {
    switch kind {
    case .missing: self = .inputMissing
    case .inputOutput: self = .inputOutput
    case .usage: self = .usage
    default: self = .badData
    }
  }
}

/// An error that a command itself finds, with the exit status that belongs to it.
struct CommandFailure: Error, CustomStringConvertible {
  /// How the program ends.
  var status: ExitStatus
  /// What was found, what was expected, and what to try.
  var description: String

  init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }
}
