import ArgumentParser
import EventIO
import Foundation
import Framing

/// Recordings, a folder of them, or a dataset's root to frames or events.
struct Convert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert recordings, a folder of them, or a dataset's root to frames (or events).",
    discussion: """
      The output is a frame cache in HDF5, readable by plain h5py, or a tree of files for \
      SpikingJelly. A dataset is recognised by its files: DVS128 Gesture (DvsGesture/ with \
      trials_to_train.txt), CIFAR10-DVS (class folders), N-MNIST (Train/ and Test/), SpikingJelly's \
      events_np, recordings with NAME_labels.csv, or any folder per class. The archives that \
      datasets come in are read as they are. Slices and frames equal SpikingJelly's bit by bit.

      A conversion may be stopped or killed at any moment: an output that exists is complete, and \
      the same command goes on with the work that was done, which waits in OUTPUT.journal.

      Examples:
        dvsprep convert DVS128Gesture -o gesture.h5 -T 16
        dvsprep convert DvsGesture.tar.gz -o DVS128Gesture --layout spikingjelly
        dvsprep convert CIFAR10DVS -o cifar.h5 -T 10 --split sj-0.9 --split tebn
        dvsprep convert Train.zip Test.zip -o nmnist.h5 --split-by time -T 8
        dvsprep convert my_recordings -o mine.h5 --duration 100000 --keep-going
        dvsprep convert recording.aedat -o recording.h5
        dvsprep convert recording.aedat -o recording.npz
      """
  )

  @Argument(
    help: "A dataset's root, its archives, one folder per class, or recordings.",
    completion: .file()
  )
  var input: [String]

  @Option(
    name: .shortAndLong,
    help: """
      The cache to write (.h5), a recording's events as SpikingJelly has them (.npz), or with \
      --layout spikingjelly a folder.
      """
  )
  var output: String

  @Option(help: "What the input is; auto decides from the files and says what it decided.")
  var dataset = DatasetChoice.auto

  @Option(
    help: ArgumentHelp(
      """
      Cut the recording into the samples of this file: class,startTime_usec,endTime_usec. In a \
      folder of recordings NAME_labels.csv beside each is found by itself.
      """,
      valueName: "path"
    )
  )
  var labels: String?

  @OptionGroup(title: "Layout")
  var layout: LayoutOptions

  @OptionGroup(title: "Frames")
  var slicing: SlicingOptions

  @OptionGroup(title: "Reading")
  var reading: ReadingOptions

  @Option(
    name: .customLong("stray-events"),
    help: "What happens to events outside the sensor: an error, or dropped and counted."
  )
  var strayEvents = StrayEventRule.reject

  @OptionGroup(title: "Splits")
  var splits: SplitOptions

  @Option(
    help: ArgumentHelp(
      "The I-th of N parts of the work, such as 2/8; dvsprep merge joins them.",
      valueName: "i/n"
    )
  )
  var shard: Shard?

  @Option(help: "The level of compression, 0 to 9.")
  var compression = PipelineOptions.defaultCompression

  @Option(name: .shortAndLong, help: "Recordings decoded at a time (default: one a core).")
  var jobs: Int?

  @Option(help: "Convert only this many samples: in turn the next one of every class and part.")
  var limit: Int?

  @Flag(name: .customLong("keep-going"), help: "Leave out recordings that fail; then exit with 2.")
  var keepsGoing = false

  @Flag(help: "Replace an output that exists.")
  var overwrite = false

  @Flag(name: .customLong("dry-run"), help: "Only show the plan: samples, size, time.")
  var isDryRun = false

  @OptionGroup(title: "Output")
  var common: OutputOptions

  func validate() throws {
    guard !input.isEmpty else {
      throw ValidationError("there is no input; name a folder or a file")
    }
    guard (0...9).contains(compression) else {
      throw ValidationError("--compression is \(compression); expected 0 to 9")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); it must be at least 1") }
    if shard != nil && (layout.isTree || output.hasSuffix(".npz")) {
      throw ValidationError("--shard makes parts of a cache; name an output that ends in .h5")
    }
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit); it must be at least 1") }
    try layout.check(output, hasSplits: splits.isGiven)
    if output.hasSuffix(".npz")
      && (slicing.isGiven || splits.isGiven || limit != nil || labels != nil)
    {
      throw ValidationError(
        "an .npz output holds events; options about frames and samples do not apply"
      )
    }
  }

  func run() async throws {
    WorkingMemory.keepFreed()
    for path in input where !layout.isTree && SameFile.holds(path, output) {
      throw CommandFailure(.usage, "\(output): is an input; choose another place to write to")
    }
    let stop = StopSignal()
    if output.hasSuffix(".npz") {
      let export = EventExport(
        input: input,
        output: output,
        reading: reading,
        overwrites: overwrite
      )
      return try await export.run(strayEvents: strayEvents, stop: stop, common)
    }
    let plan = try ConversionPlan(self)
    plan.announce(common.diagnostics)
    if isDryRun { return try await plan.estimate(common) }
    let report = try await plan.run(stop: stop, common)
    try report.show(common)
    if !report.result.failures.isEmpty { throw ExitCode(ExitStatus.someFailed.rawValue) }
  }
}
