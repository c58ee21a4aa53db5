import ArgumentParser
import Foundation
import SpikeNet

/// Measures this machine.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure training steps and inference on this machine.",
    discussion: """
      Frames are random, with a stated share of pixels that hold an event.

      EXAMPLES
        dvsprep bench train --model spikingformer -T 16 --size 128 --batch 4 --threads 1
        dvsprep bench infer --model csnn -T 10 --size 34 --classes 10 --batch 32 --json
        dvsprep bench train --profile
      """
  )

  @Argument(help: "What a step does: train or infer.")
  var kind: StepBenchmark.Kind
  @Option(help: "Model: \(ModelRegistry.names.joined(separator: ", ")).")
  var model = "spikingformer"
  @Option(name: [.customShort("T"), .customLong("frames-number")], help: "Time steps.")
  var steps = 16
  @Option(help: "Rows and columns of a frame.")
  var size = 128
  @Option(help: "Channels of a frame.")
  var channels = 2
  @Option(help: "Classes.")
  var classes = 11
  @Option(help: "Samples per step.")
  var batch = 4
  @Option(help: "Threads; default: one a core.")
  var threads: Int?
  @Option(help: "Share of pixels that hold an event.")
  var density: Float = 0.05
  @Option(help: "Measured steps, of which the median is printed.")
  var repeats = 5
  @Option(help: "Unmeasured steps before.")
  var warmUp = 2
  @Flag(help: "Also print the time of every operation.")
  var profile = false
  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func validate() throws {
    guard min(steps, size, channels, classes, batch, repeats, threads ?? 1) >= 1, warmUp >= 0,
      (0...1).contains(density)
    else { throw ValidationError("sizes and counts are at least 1, a density is within 0 and 1") }
  }

  mutating func run() async throws {
    guard let type = ModelRegistry.configuration(named: model) else {
      throw ValidationError("no model '\(model)'; known: \(ModelRegistry.names)")
    }
    let input = ModelInput(
      steps: steps,
      height: size,
      width: size,
      channels: channels,
      classes: classes
    )
    let parallel = threads.map(Parallel.init(threads:)) ?? .allCores
    var generator = SeededGenerator(seed: 1)
    let network = try type.init().makeModel(for: input, using: &generator)
    let benchmark = StepBenchmark(
      kind,
      input: input,
      batchSize: batch,
      density: density,
      parallel: parallel
    )
    let operations = profile ? OperationProfile() : nil
    let seconds = benchmark.run(network, steps: repeats, warmUp: warmUp, profile: operations)
      .sorted()
    let median = seconds[seconds.count / 2]
    print(
      "\(kind.rawValue) \(model) B=\(batch) threads=\(parallel.threads): median \(median) s, "
        + "minimum \(seconds[0]) s, peak \(MemoryPool.shared.usage.peak >> 20) MiB, "
        + "\(Hardware.summary)"
    )
    guard let operations else { return }
    let total = seconds.reduce(0, +)
    for entry in operations.entries {
      let name = entry.name.padding(toLength: 62, withPad: " ", startingAt: 0)
      print(
        name,
        String(
          format: "%8.2f ms %5.1f %%",
          entry.seconds / Double(repeats) * 1e3,
          100 * entry.seconds / total
        ),
        entry.multiplyAdds > 0
          ? String(format: "%7.0f GFLOP/s dense", 2e-9 * entry.multiplyAdds / entry.seconds) : "",
        entry.bytes > 0 ? String(format: "%5.1f GB/s", 1e-9 * entry.bytes / entry.seconds) : ""
      )
    }
  }
}

extension StepBenchmark.Kind: ExpressibleByArgument {}
