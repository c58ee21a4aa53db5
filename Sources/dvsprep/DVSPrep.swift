import ArgumentParser

@main
struct DVSPrep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dvsprep",
    abstract: "From raw event-camera recordings to a trained spiking network.",
    version: "0.1.0"
  )
}
