import Foundation
import SpikeNet

/// Runs that differ in their seed alone, and what they came to together.
struct RunSeries {
  private let seeds: [Int]
  private let folder: String
  private let makeRun: (_ seed: Int, _ folder: String) throws -> TrainingRun
  private let output: OutputOptions

  init(
    seeds: [Int],
    folder: String,
    _ output: OutputOptions,
    makeRun: @escaping (_ seed: Int, _ folder: String) throws -> TrainingRun
  ) {
    self.seeds = seeds
    self.folder = folder
    self.output = output
    self.makeRun = makeRun
  }

  /// What `summary.json` of the series holds.
  private struct Summary: Encodable {
    var seeds: [Int]
    var testTop1: Spread?
    var trainTop1: Spread?
    var secondsPerEpoch: Spread?
    var runs: [RunSummary]

    enum CodingKeys: String, CodingKey {
      case seeds, runs
      case testTop1 = "test_top1"
      case trainTop1 = "train_top1"
      case secondsPerEpoch = "seconds_per_epoch"
    }
  }

  /// A mean and how far values lie from it.
  struct Spread: Encodable {
    var mean: Double
    /// The standard deviation of the population that the values are a sample of; 0 for one value.
    var sd: Double
    var values: [Double]

    init?(_ values: [Double]) {
      guard !values.isEmpty else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      self.mean = mean
      sd = (squares / Double(max(values.count - 1, 1))).squareRoot()
      self.values = values
    }
  }

  /// Trains with one seed after the other.
  func train() throws {
    // Everything that can be wrong with the request is found before the first run begins.
    let runs = try seeds.map { seed in (seed, try makeRun(seed, "\(folder)/seed-\(seed)")) }
    var summaries: [RunSummary] = []
    for (seed, run) in runs {
      output.diagnostics.note("seed \(seed)")
      let summary = try run.train()
      summaries.append(summary)
      guard summary.isFinished else { break }
    }
    let finished = summaries.filter(\.isFinished)
    let summary = Summary(
      seeds: finished.map(\.seed),
      testTop1: Spread(finished.compactMap(\.testTop1)),
      trainTop1: Spread(finished.compactMap { $0.last?.trainTop1 }),
      secondsPerEpoch: Spread(finished.map(\.secondsPerEpoch)),
      runs: summaries
    )
    let json = try RunSummary.json(summary)
    try AtomicFile.write(json + "\n", to: folder + "/summary.json")
    if output.json { return print(json) }
    guard let top1 = summary.testTop1 ?? summary.trainTop1 else { return }
    let part = summary.testTop1 == nil ? "train" : "test"
    let mean = TrainingReport.decimals(top1.mean, 3)
    let deviation = TrainingReport.decimals(top1.sd, 3)
    print("\(part) accuracy \(mean) ± \(deviation) (\(top1.values.count) seeds)")
  }
}
