import Foundation
import Framing
import Synchronization

/// The progress of a conversion with its rate and the time that remains; from any thread.
final class ProgressMeter: Sendable {
  private let line: Mutex<ProgressLine>
  private let start = ContinuousClock.now

  init(_ line: ProgressLine) { self.line = Mutex(line) }

  /// Shows how far a conversion is.
  func update(_ progress: FramingProgress) {
    let elapsed = (ContinuousClock.now - start).components
    let seconds = max(1e-6, Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
    let rate = Double(progress.events) / seconds / 1e6
    let done = Double(progress.samples) / Double(max(1, progress.sampleCount))
    func text() -> String {
      let rest = done > 0 ? Quantity.seconds(seconds / done - seconds) : "?"
      return "convert  \(progress.samples)/\(progress.sampleCount) samples  "
        + "\(Quantity.decimals(rate, 1)) M events/s  \(rest) left"
    }
    line.withLock { $0.update(text()) }
  }

  /// Removes the line.
  func clear() { line.withLock { $0.clear() } }
}

/// The progress of something that is counted; from any thread.
final class CountMeter: Sendable {
  private let line: Mutex<ProgressLine>
  private let verb: String
  private let total: Int

  init(_ line: ProgressLine, _ verb: String, of total: Int) {
    self.line = Mutex(line)
    self.verb = verb
    self.total = total
  }

  /// Shows how many samples are done.
  func update(_ count: Int) {
    line.withLock { $0.update("\(verb)  \(count)/\(total) samples") }
  }

  /// Removes the line.
  func clear() { line.withLock { $0.clear() } }
}
