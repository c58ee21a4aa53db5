import Foundation

/// What is said on standard error; results go to standard output.
struct Diagnostics: Sendable {
  /// Whether notes are left out; warnings and errors never are.
  var isQuiet = false

  /// Says what ends the program.
  static func error(_ message: String) { write("error: \(message)") }

  /// Says what may be wrong.
  func warning(_ message: String) { Self.write("warning: \(message)") }

  /// Says what was decided.
  func note(_ message: String) {
    if !isQuiet { Self.write(message) }
  }

  private static func write(_ line: String) {
    // File names may hold line feeds; a message stays one line.
    let line = line.split(whereSeparator: \.isNewline).joined(separator: " ")
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }
}
