import Foundation
import SpikeNet

/// What a benchmark of steps measured, for people and for programs.
struct BenchmarkReport {
  private let benchmark: StepBenchmark
  private let model: String
  private let parameters: Int
  private let result: StepBenchmark.Result
  private let rows: [Row]
  private let limits: MachineLimits?

  /// One operation in one step.
  private struct Row {
    var name: String
    var seconds: Double
    var share: Double
    var work: OperationWork
    /// The least time that the machine needs for the work, as a share of the time it took.
    var shareOfLimit: Double?
  }

  init(
    _ benchmark: StepBenchmark,
    model: String,
    parameters: Int,
    result: StepBenchmark.Result,
    operations: (entries: [OperationProfile.Entry], limits: MachineLimits)?
  ) {
    self.benchmark = benchmark
    self.model = model
    self.parameters = parameters
    self.result = result
    limits = operations?.limits
    rows = operations.map { Self.rows($0.entries, $0.limits, result) } ?? []
  }

  private static func rows(
    _ entries: [OperationProfile.Entry],
    _ limits: MachineLimits,
    _ result: StepBenchmark.Result
  ) -> [Row] {
    let total = result.seconds.reduce(0, +)
    let steps = Double(result.seconds.count)
    let rest = total - entries.reduce(0) { $0 + $1.seconds }
    return entries.map { entry in
      let limit = limits.seconds(for: entry.work)
      return Row(
        name: entry.name,
        seconds: entry.seconds / steps,
        share: entry.seconds / total,
        work: entry.work,
        shareOfLimit: limit > 0 ? limit / entry.seconds : nil
      )
    } + [
      Row(name: "between operations", seconds: rest / steps, share: rest / total, work: .init())
    ]
  }

  private var meanRate: Double {
    let rates = result.firingRates.map(\.rate)
    return rates.isEmpty ? 0 : rates.reduce(0, +) / Double(rates.count)
  }

  /// A line for the step, then one for each operation.
  var text: String {
    let seconds = String(
      format: "median %.4f s, minimum %.4f s",
      result.median,
      result.seconds.min() ?? 0
    )
    let head = """
      \(benchmark.kind.rawValue) \(model) B=\(benchmark.batchSize) \
      threads=\(benchmark.parallel.threads): \(seconds), peak \(result.peakBytes >> 20) MiB of tensors, \
      \(PeakMemory.bytes >> 20) MiB in all, \
      \(result.allocations) allocations, \
      firing rate \(String(format: "%.1f", 100 * meanRate)) %, \(Hardware.summary)
      """
    guard let limits else { return head }
    let machine = String(
      format: "limits: %.0f G operations/s, %.1f GB/s\n%@",
      1e-9 * limits.operationsPerSecond,
      1e-9 * limits.bytesPerSecond,
      "operation".padding(toLength: 54, withPad: " ", startingAt: 0)
        + "        ms   share  GFLOP/s dense  of limit"
    )
    return ([head, machine] + rows.map(line)).joined(separator: "\n")
  }

  private func line(_ row: Row) -> String {
    let dense = 2e-9 * row.work.denseMultiplyAdds / (row.seconds * Double(result.seconds.count))
    return row.name.padding(toLength: 54, withPad: " ", startingAt: 0)
      + String(format: "%10.2f %6.1f %%", 1e3 * row.seconds, 100 * row.share)
      + (dense > 0 ? String(format: "%15.0f", dense) : String(repeating: " ", count: 15))
      + (row.shareOfLimit.map { String(format: "%8.0f %%", 100 * $0) } ?? "")
  }

  /// One object with every figure in base units.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
  }

  private struct Document: Encodable {
    struct Operation: Encodable {
      var name: String
      var seconds: Double
      var share: Double
      var dense_flop: Double
      var operations: Double
      var bytes: Double
      var share_of_limit: Double?
    }

    var kind: String
    var model: String
    var parameters: Int
    var batch: Int
    var threads: Int
    var steps: Int
    var seconds: [Double]
    var median_s: Double
    var min_s: Double
    var samples_per_second: Double
    var peak_bytes: Int
    var peak_resident_bytes: Int
    var allocations: Int
    var firing_rate: [String: Double]
    var instruction_set: String
    var openblas_core_type: String
    var operations_per_second: Double?
    var bytes_per_second: Double?
    var profile: [Operation]?
  }

  private var document: Document {
    Document(
      kind: benchmark.kind.rawValue,
      model: model,
      parameters: parameters,
      batch: benchmark.batchSize,
      threads: benchmark.parallel.threads,
      steps: result.seconds.count,
      seconds: result.seconds,
      median_s: result.median,
      min_s: result.seconds.min() ?? 0,
      samples_per_second: Double(benchmark.batchSize) / result.median,
      peak_bytes: result.peakBytes,
      peak_resident_bytes: PeakMemory.bytes,
      allocations: result.allocations,
      firing_rate: Dictionary(
        result.firingRates.map { ($0.name, $0.rate) },
        uniquingKeysWith: { first, _ in first }
      ),
      instruction_set: Hardware.instructionSet,
      openblas_core_type: Hardware.blasCoreType,
      operations_per_second: limits?.operationsPerSecond,
      bytes_per_second: limits?.bytesPerSecond,
      profile: limits == nil ? nil : rows.map(operation)
    )
  }

  private func operation(_ row: Row) -> Document.Operation {
    let steps = Double(result.seconds.count)
    return Document.Operation(
      name: row.name,
      seconds: row.seconds,
      share: row.share,
      dense_flop: 2 * row.work.denseMultiplyAdds / steps,
      operations: row.work.operations / steps,
      bytes: row.work.bytes / steps,
      share_of_limit: row.shareOfLimit
    )
  }
}
