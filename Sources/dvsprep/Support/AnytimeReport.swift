import SpikeNet

/// Accuracy, operations and time by the number of frames that the model saw.
struct AnytimeReport {
  private let evaluation: AnytimeEvaluation
  private let constants: EnergyConstants

  init(_ evaluation: AnytimeEvaluation, _ constants: EnergyConstants) {
    self.evaluation = evaluation
    self.constants = constants
  }

  private func millijoules(_ entry: AnytimeEvaluation.Entry) -> Double {
    let operations = entry.evaluation.operations
    return constants.millijoules(macs: operations.macs, acs: operations.acs)
  }

  /// One object for each number of frames.
  var list: ConfigurationValue {
    .list(
      evaluation.entries.map { entry in
        let (metrics, operations) = (entry.evaluation.metrics, entry.evaluation.operations)
        return .section([
          .init("frames", .integer(entry.steps)), .init("top1", .number(metrics.top1)),
          .init("top5", .number(metrics.top5)), .init("loss", .number(metrics.loss)),
          .init("macs", .number(operations.macs)), .init("acs", .number(operations.acs)),
          .init("energy_mj", .number(millijoules(entry))),
          .init(
            "latency_ms",
            .section([
              .init("p50", .number(entry.latency.percentile(0.5))),
              .init("p95", .number(entry.latency.percentile(0.95))),
            ])
          ),
        ])
      }
    )
  }

  /// A table with a line for each number of frames.
  var lines: [String] {
    let decimals = TrainingReport.decimals
    return TextTable(
      header: ["frames", "accuracy", "MACs", "ACs", "energy", "p50", "p95"],
      rows: evaluation.entries.map { entry in
        let operations = entry.evaluation.operations
        return [
          "\(entry.steps)", decimals(entry.evaluation.metrics.top1, 3),
          decimals(operations.macs / 1e6, 6) + " M", decimals(operations.acs / 1e6, 6) + " M",
          decimals(millijoules(entry), 6) + " mJ",
          decimals(entry.latency.percentile(0.5), 2) + " ms",
          decimals(entry.latency.percentile(0.95), 2) + " ms",
        ]
      }
    ).lines
  }
}
