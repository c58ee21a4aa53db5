import Foundation

/// What the built program printed and how it ended.
public struct ProgramRun: Sendable {
  /// The exit status, or the negative number of the signal that ended the program.
  public let status: Int32
  /// Standard output.
  public let output: String
  /// Standard error.
  public let errors: String

  /// The lines of standard error.
  public var errorLines: [Substring] { errors.split(separator: "\n") }

  /// The program that was built together with the tests.
  public static let program: String = {
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let beside = folder.appendingPathComponent("dvsprep").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return SharedData.packageRoot.appendingPathComponent(".build/release/dvsprep").path
  }()

  /// Runs `dvsprep` and waits for its end.
  ///
  /// - Parameters:
  ///   - arguments: What follows the program's name.
  ///   - folder: The working folder; the current one if nil.
  ///   - signal: A signal to send, and when.
  public init(
    _ arguments: String...,
    in folder: String? = nil,
    signal: (number: Int32, afterSeconds: Double)? = nil
  ) throws {
    try self.init(arguments, in: folder, signal: signal)
  }

  /// Runs `dvsprep` with an array of arguments and waits for its end.
  public init(
    _ arguments: [String],
    in folder: String? = nil,
    signal: (number: Int32, afterSeconds: Double)? = nil
  ) throws {
    try self.init(program: Self.program, arguments, in: folder, signal: signal)
  }

  /// Runs any program and waits for its end.
  public init(
    program: String,
    _ arguments: [String],
    in folder: String? = nil,
    signal: (number: Int32, afterSeconds: Double)? = nil
  ) throws {
    // Files, because a full pipe would block a program that nobody reads from.
    let temporary = try TemporaryFolder()
    let output = try temporary.write([], to: "output")
    let errors = try temporary.write([], to: "errors")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    try process.run()
    if let signal {
      Thread.sleep(forTimeInterval: signal.afterSeconds)
      if process.isRunning { kill(process.processIdentifier, signal.number) }
    }
    process.waitUntilExit()
    let isSignalled = process.terminationReason == .uncaughtSignal
    status = isSignalled ? -process.terminationStatus : process.terminationStatus
    self.output = Self.text(output)
    self.errors = Self.text(errors)
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
