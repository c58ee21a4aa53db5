import ArgumentParser
import Foundation

@main
struct DVSPrep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dvsprep",
    abstract: "From raw event-camera recordings to a trained spiking network.",
    version: "0.1.0",
    subcommands: [
      Convert.self, Inspect.self, Doctor.self, Merge.self, Verify.self, Synth.self, Train.self,
      Eval.self, Predict.self, Export.self, Models.self, Recipes.self, Bench.self,
    ]
  )

  /// The program and its version, as caches name it.
  static var nameAndVersion: String { "dvsprep \(configuration.version)" }

  /// The command line, as caches name it.
  static var commandLine: String {
    (["dvsprep"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
  }

  /// Runs a command; an error that it throws is printed and decides the exit code.
  static func main() async {
    // Writing beyond a limit on file sizes is an error like others, and is reported as one.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try await runCommand()
      try StandardOutput.flush()
    } catch {
      guard let code = ExitStatus(of: error) else { exit(withError: error) }
      Diagnostics.error("\(error)")
      exit(withError: ExitCode(code.rawValue))
    }
  }

  private static func runCommand() async throws {
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch  where exitCode(for: error) == .success {
      // Help and the version are results.
      print(fullMessage(for: error))
    } catch {
      try StandardOutput.flush()
      throw error
    }
  }
}
