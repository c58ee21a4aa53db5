import Foundation

/// One line on standard error that is written over and over; only on a terminal.
struct ProgressLine {
  private let isShown: Bool
  private var lastUpdate: ContinuousClock.Instant?
  private static let interval = Duration.milliseconds(100)

  /// Creates a line that is shown if it is wanted and standard error is a terminal.
  init(isWanted: Bool = true) {
    isShown = isWanted && isatty(STDERR_FILENO) == 1
  }

  /// Shows a text in place of the last one, ten times a second at most.
  mutating func update(_ text: @autoclosure () -> String) {
    guard isShown else { return }
    let now = ContinuousClock.now
    if let lastUpdate, now - lastUpdate < Self.interval { return }
    lastUpdate = now
    write("\r\(Self.fitted(text()))\u{1B}[K")
  }

  /// Removes the line, so that something else can be written.
  mutating func clear() {
    guard isShown, lastUpdate != nil else { return }
    lastUpdate = nil
    write("\r\u{1B}[K")
  }

  /// A line that wraps would leave its first part behind.
  private static func fitted(_ text: String) -> String {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return text }
    return String(text.prefix(Int(size.ws_col) - 1))
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
