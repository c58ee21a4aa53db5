import EventIO
import SpikeNet

extension SpikeNetError {
  /// Gives errors of reading bytes and archives the type of this target.
  static func bridging<Result>(
    _ body: () throws(RecordingError) -> Result
  ) throws(SpikeNetError) -> Result {
    do { return try body() } catch {
      let kind: Kind =
        switch error.kind {
        case .missing: .missing
        case .inputOutput: .inputOutput
        case .unsupported: .unsupported
        default: .corrupt
        }
      throw SpikeNetError(
        kind,
        error.reason,
        path: error.path,
        byteOffset: error.byteOffset
      )
    }
  }
}
