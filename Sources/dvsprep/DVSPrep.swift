import ArgumentParser

@main
struct DVSPrep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dvsprep",
    abstract: "From raw event-camera recordings to a trained spiking network.",
    version: "0.1.0",
    subcommands: [
      Convert.self, Inspect.self, Doctor.self, Synth.self, Train.self, Eval.self, Models.self,
      Bench.self,
    ]
  )

  /// Runs a command; an error that it throws is printed and decides the exit code.
  static func main() async {
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard let code = ExitStatus(of: error) else { exit(withError: error) }
      Diagnostics.error("\(error)")
      exit(withError: ExitCode(code.rawValue))
    }
  }
}
