import ArgumentParser
import EventIO
import Foundation

/// Makes a small dataset in a real dataset's own format and layout.
struct Synth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Make a small dataset in a real dataset's own format and layout, from a seed.",
    discussion: """
      The recordings show shapes that move before a simulated 128x128 event camera: eleven \
      classes, which only the direction of motion tells apart. Equal options give equal bytes.

      Examples:
        dvsprep synth -o gestures
        dvsprep synth -o tiny --users 4 --trials 1 --seed 7
        dvsprep synth -o noisy --noise 1.0 --duration 2000000
        dvsprep convert gestures -o gestures.h5
      """
  )

  /// The datasets that can be imitated.
  enum Imitation: String, CaseIterable, ExpressibleByArgument {
    case gesture = "dvs128-gesture"
  }

  @Option(name: .shortAndLong, help: "The dataset's root; it appears once it is complete.")
  var output: String

  @Option(help: "The dataset to imitate.")
  var dataset = Imitation.gesture

  @Option(help: "Where all randomness starts.")
  var seed: UInt64 = 0

  @Option(help: "Performers, one recording each; 6 of 29 are for testing, as in the real set.")
  var users = 29

  @Option(help: "How often each of the 11 classes is shown in a recording.")
  var trials = 2

  @Option(help: "Mean length of one trial, in microseconds.")
  var duration = GestureParameters().trialDuration

  @Option(help: "Background events a pixel and second.")
  var noise = GestureParameters().noiseRate

  @Flag(help: "Replace a synthetic dataset that is already there.")
  var overwrite = false

  @OptionGroup var common: OutputOptions

  func validate() throws {
    func check(_ isValid: Bool, _ message: String) throws {
      guard isValid else { throw ValidationError(message) }
    }
    try check(!output.isEmpty, "--output is empty; name a folder")
    try check((1...10_000).contains(users), "--users is \(users); expected 1 to 10000")
    try check((1...1000).contains(trials), "--trials is \(trials); expected 1 to 1000")
    try check(
      (10_000...60_000_000).contains(duration),
      "--duration is \(duration); expected 10000 to 60000000 microseconds"
    )
    try check((0...1000).contains(noise), "--noise is \(noise); expected 0 to 1000 events a second")
  }

  func run() throws {
    let stop = StopSignal()
    let folder = try OutputFolder(output) { path in
      guard overwrite else { return false }
      guard SyntheticGestureDataset.isAlone(in: path) else {
        throw CommandFailure(
          .usage,
          "\(path): holds other files than a synthetic dataset, which --overwrite keeps; "
            + "choose another folder"
        )
      }
      return true
    }
    let events = try write(to: folder.partialPath, stop: stop)
    try folder.finish()
    report(events: events)
  }

  private var content: SyntheticGestureDataset {
    var parameters = GestureParameters()
    parameters.trialDuration = duration
    parameters.noiseRate = noise
    return SyntheticGestureDataset(
      synthesizer: GestureSynthesizer(seed: seed, parameters: parameters),
      users: users,
      trials: trials,
      command: "dvsprep synth --dataset \(dataset.rawValue) --seed \(seed) --users \(users) "
        + "--trials \(trials) --duration \(duration) --noise \(noise)"
    )
  }

  /// Writes the whole dataset and returns the number of events.
  private func write(to root: String, stop: StopSignal) throws -> Int {
    var progress = common.progressLine
    defer { progress.clear() }
    let folder = "\(root)/\(SyntheticGestureDataset.folder)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var events = 0
    for user in 1...users {
      try stop.check()
      progress.update("synth  recording \(user) of \(users)  \(events) events")
      events += try content.writeRecording(of: user, to: root)
    }
    try content.writeLists(to: root)
    return events
  }

  private func report(events: Int) {
    let test = content.testUsers.count
    let classes = GestureMotion.allCases.count
    if common.json {
      print(
        """
        {"dataset": "\(dataset.rawValue)", "recordings": \(users), "test_recordings": \(test), \
        "samples": \(users * classes * trials), "classes": \(classes), "events": \(events), \
        "seed": \(seed)}
        """
      )
    } else if !common.quiet {
      print(
        "\(output): \(users) recordings (\(users - test) train, \(test) test), "
          + "\(users * classes * trials) samples of \(classes) classes, \(events) events"
      )
    }
  }
}
