import ArgumentParser
import Framing

/// How the samples of a cache are divided.
struct SplitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A split to store; repeat for more: \(Split.names.joined(separator: ", ")). kfold:K stores \
      K splits, kfold-K-0 and on (default: official where the dataset has one, else sj-0.9).
      """,
      valueName: "name"
    )
  )
  var split: [Split] = []

  @Option(
    name: .customLong("val"),
    help: ArgumentHelp(
      "Hold back this share of every class's training samples as the part 'val'.",
      valueName: "fraction"
    )
  )
  var validationShare: Double?

  @Option(help: "Decides which samples --val and kfold:K choose, together with their names.")
  var seed: UInt64 = 0

  func validate() throws {
    if let validationShare, !(validationShare > 0 && validationShare < 1) {
      throw ValidationError("--val is \(validationShare); expected a share between 0 and 1")
    }
    guard !split.contains(.none) || (split.count == 1 && validationShare == nil) else {
      throw ValidationError("--split none goes with no other split, and not with --val")
    }
  }

  /// Whether anything was asked for.
  var isGiven: Bool { !split.isEmpty || validationShare != nil || seed != 0 }

  /// The splits of a dataset.
  func plan(for catalog: RecordingCatalog) -> SplitPlan {
    SplitPlan(
      split.isEmpty ? [.standard(for: catalog)] : split,
      validationShare: validationShare,
      seed: seed
    )
  }
}
