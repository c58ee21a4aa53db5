import Foundation

/// The names of the files that a run leaves.
public struct RunDirectory: Sendable {
  /// The folder.
  public let path: String

  /// Names the files in a folder, which need not exist.
  public init(_ path: String) { self.path = path }

  /// The resolved configuration.
  public var configuration: String { path + "/config.yaml" }
  /// A row of numbers for every epoch.
  public var metricsTable: String { path + "/metrics.csv" }
  /// A JSON object for every epoch.
  public var metricsLines: String { path + "/metrics.jsonl" }
  /// What came of the run.
  public var summary: String { path + "/summary.json" }
  /// Loss, accuracy and rates over epochs.
  public var curves: String { path + "/curves.png" }
  /// Samples by label and prediction.
  public var confusion: String { path + "/confusion.png" }
  /// The folder of checkpoints.
  public var checkpoints: String { path + "/checkpoints" }
  /// The checkpoint that the run continues from.
  public var last: String { checkpoints + "/last.safetensors" }
  /// The checkpoint of the best epoch.
  public var best: String { checkpoints + "/best.safetensors" }

  /// Whether there is a checkpoint to continue from.
  public var hasLast: Bool { FileManager.default.fileExists(atPath: last) }

  /// Whether a run has been here.
  public var holdsRun: Bool {
    [last, metricsTable, configuration].contains { FileManager.default.fileExists(atPath: $0) }
  }

  /// Makes the folders.
  public func create() throws(SpikeNetError) {
    do {
      try FileManager.default.createDirectory(
        atPath: checkpoints,
        withIntermediateDirectories: true
      )
    } catch {
      throw SpikeNetError(
        .inputOutput,
        "cannot be made: \(SystemFailure.reason(error))",
        path: checkpoints
      )
    }
  }

  /// How the outputs for a test sample grow from step to step.
  public func spikeBars(sample: Int, target: Int) -> String {
    path + "/spike_bar_\(sample)_target\(target).gif"
  }

  /// The checkpoint that is kept of an epoch, which counts from 1.
  public func checkpoint(epoch: Int) -> String {
    let digits = String(epoch)
    let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
    return checkpoints + "/epoch-\(zeros)\(digits).safetensors"
  }

  /// Gives a checkpoint a second name; files are never changed in place, so a link will do.
  func link(_ checkpoint: String, as name: String) throws(SpikeNetError) {
    let partial = name + ".partial"
    do {
      try? FileManager.default.removeItem(atPath: partial)
      do {
        try FileManager.default.linkItem(atPath: checkpoint, toPath: partial)
      } catch {
        try FileManager.default.copyItem(atPath: checkpoint, toPath: partial)
      }
      guard rename(partial, name) == 0 else {
        throw SystemFailure.last
      }
    } catch {
      throw SpikeNetError(
        .inputOutput,
        "cannot be written: \(SystemFailure.reason(error))",
        path: name
      )
    }
  }
}
