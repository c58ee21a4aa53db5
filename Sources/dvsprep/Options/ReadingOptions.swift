import ArgumentParser
import EventIO
import Framing

/// What recordings cannot say about themselves, and what is done with doubtful events.
struct ReadingOptions: ParsableArguments {
  @Option(help: "The sensor as WIDTHxHEIGHT; it overrides what recordings say.")
  var geometry: SensorGeometry?

  @Option(
    help: ArgumentHelp(
      "The camera whose address layout AEDAT 2.0 recordings have, where they do not name it: "
        + AddressLayout.all.map(\.name).joined(separator: ", ") + ".",
      valueName: "name"
    )
  )
  var camera: String?

  @Option(
    help: """
      AEDAT 3.1 where the specification and SpikingJelly differ: the number of events of a packet \
      and its valid ones, or its whole capacity.
      """
  )
  var aedat31 = AEDAT31Policy.strict

  func validate() throws {
    if let camera, AddressLayout.named(camera) == nil {
      let known = AddressLayout.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--camera '\(camera)' is not known; known are \(known)")
    }
  }

  /// The address layout by name.
  var layout: AddressLayout? { camera.flatMap { AddressLayout.named($0) } }
}
