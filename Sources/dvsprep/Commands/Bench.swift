import ArgumentParser
import Foundation
import SpikeNet

/// Measures this machine.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure training steps and inference on this machine.",
    discussion: """
      Frames are random, with a stated share of pixels that hold an event; \
      inference runs at the firing rates of a trained network. A model reads what \
      its published form read, unless -T, --size, --channels or --classes say \
      otherwise.

      EXAMPLES
        dvsprep bench train --model spikingformer-2-256 --batch 4 --threads 1
        dvsprep bench infer --model csnn -T 10 --size 34 --batch 32 --json
        dvsprep bench train --model sdt-2-256 --profile
        dvsprep bench train --model spikformer --size 64 model.embed_dim=128
      """
  )

  @Argument(help: "What a step does: train or infer.")
  var kind: StepBenchmark.Kind
  @Option(help: "The model, by a name that dvsprep models lists.")
  var model = "spikingformer-2-256"
  @OptionGroup var inputOptions: ModelInputOptions
  @Option(help: "Samples per step.")
  var batch = 4
  @Option(help: "Threads, 0 for one a core.")
  var threads = 0
  @Option(help: "Share of pixels that hold an event; images hold values everywhere.")
  var density: Float = 0.05
  @Option(help: "Measured steps, of which the median is printed.")
  var repeats = 5
  @Option(help: "Unmeasured steps before.")
  var warmUp = 2
  @Flag(help: "Also print the time of every operation, and its share of what the machine can do.")
  var profile = false
  @Flag(help: "Print one JSON object.")
  var json = false
  @Argument(help: "Settings of the model, such as model.embed_dim=64.")
  var settings: [String] = []

  mutating func validate() throws {
    guard batch >= 1, (1...1_000_000).contains(repeats), (0...1_000_000).contains(warmUp) else {
      throw ValidationError("--batch and --repeats are at least 1, --warm-up at least 0")
    }
    guard (0...1).contains(density) else {
      throw ValidationError("--density is \(density), expected 0 to 1")
    }
    guard (0...4096).contains(threads) else {
      throw ValidationError("--threads is \(threads), expected 0 to 4096; 0 is one a core")
    }
  }

  private func requireMemory(for input: ModelInput) throws {
    let bytes =
      [input.steps, input.height, input.width, input.channels, 4].map(Double.init)
      .reduce(Double(batch), *)
    guard bytes < Double(ProcessInfo.processInfo.physicalMemory) else {
      throw ValidationError(
        "the frames of a batch of \(batch) alone do not fit into this machine's memory"
      )
    }
  }

  mutating func run() async throws {
    let selection = try selection()
    let parallel = threads == 0 ? Parallel.allCores : Parallel(threads: threads)
    let input = inputOptions.input(of: selection.name)
    try requireMemory(for: input)
    let benchmark = StepBenchmark(
      kind,
      input: input,
      batchSize: batch,
      density: input.channels == 3 ? 1 : density,
      parallel: parallel
    )
    for warning in Hardware.warnings { Diagnostics().warning(warning) }
    let network = try selection.makeModel(for: input, seed: 1)
    let operations = profile ? OperationProfile() : nil
    let result = benchmark.run(network, steps: repeats, warmUp: warmUp, profile: operations)
    let report = BenchmarkReport(
      benchmark,
      model: selection.name,
      parameters: network.parameterCount,
      result: result,
      operations: operations.map { ($0.entries, MachineLimits(parallel)) }
    )
    print(json ? try report.json : report.text)
  }

  private func selection() throws(SpikeNetError) -> ModelSelection {
    let name = ConfigurationValue.section([]).setting(["model", "name"], to: .text(model))
    var changes = [name]
    for setting in settings { changes.append(try ConfigurationText.setting(setting)) }
    return try TrainingConfiguration.resolved(changes).model
  }
}

extension StepBenchmark.Kind: ExpressibleByArgument {}
