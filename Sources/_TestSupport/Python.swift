import Foundation

/// Debian's Python, and one that `INTEROP_PYTHON` names, for tests of exchange with other programs.
public enum Python {
  private static let executable = "/usr/bin/python3"

  /// Whether Python is there and finds NumPy.
  public static let hasNumPy = (try? run("import numpy")) != nil

  /// Whether Python is there and finds h5py.
  public static let hasH5py = (try? run("import h5py")) != nil

  /// A Python that has torch; nil if there is none.
  public static let torch = executable(importing: "torch")

  /// A Python that has NIR's own library; nil if there is none.
  public static let nir = executable(importing: "nir")

  /// A Python that has tensorboard; nil if there is none.
  public static let tensorBoard = executable(
    importing: "tensorboard.backend.event_processing.event_accumulator"
  )

  private static func executable(importing module: String) -> String? {
    let named = ProcessInfo.processInfo.environment["INTEROP_PYTHON"].map { [$0] } ?? []
    return (named + [executable]).first { (try? run("import \(module)", [], with: $0)) != nil }
  }

  /// What a failed program wrote to standard error.
  public struct Failure: Error, CustomStringConvertible {
    /// The text.
    public let description: String
  }

  /// Runs a program and returns what it prints.
  ///
  /// - Throws: ``Failure`` with its error output if it does not end well.
  public static func run(_ program: String, _ arguments: String...) throws -> String {
    try run(program, arguments, with: executable)
  }

  /// Runs a program with a Python of choice and returns what it prints.
  public static func run(
    _ program: String,
    _ arguments: [String],
    with executable: String
  ) throws -> String {
    try start(executable, ["-c", program] + arguments)
  }

  /// Runs a script in a file and returns what it prints.
  public static func run(
    script: String,
    _ arguments: [String],
    with executable: String
  ) throws -> String {
    try start(executable, [script] + arguments)
  }

  private static func start(_ executable: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let trouble = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: String(decoding: trouble, as: UTF8.self))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
