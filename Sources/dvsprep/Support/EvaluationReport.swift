import SpikeNet

/// What `eval` prints.
struct EvaluationReport {
  private let evaluation: Evaluation
  private let latency: Latency
  private let energy: EnergyReport
  private let anytime: AnytimeReport?
  private let part: String
  private let classNames: [String]

  init(
    _ evaluation: Evaluation,
    _ latency: Latency,
    _ energy: EnergyReport,
    anytime: AnytimeReport?,
    part: String,
    classNames: [String]
  ) {
    self.energy = energy
    self.anytime = anytime
    self.evaluation = evaluation
    self.latency = latency
    self.part = part
    self.classNames = classNames
  }

  private var metrics: Metrics { evaluation.metrics }

  private var samplesPerSecond: Double {
    Double(metrics.samples) / max(evaluation.seconds, 1e-9)
  }

  /// The keys of the interface.
  var tree: ConfigurationValue {
    .section(
      results + energy.members + [.init("neurobench", neuroBench)]
        + (anytime.map { [.init("anytime", $0.list)] } ?? [])
    )
  }

  /// The metrics under NeuroBench's names.
  private var neuroBench: ConfigurationValue {
    .section([
      .init("ClassificationAccuracy", .number(metrics.top1)),
      .init("ActivationSparsity", .number(1 - evaluation.firingRates.mean)),
      .init("SynapticOperations", energy.neuroBench),
    ])
  }

  private var results: [ConfigurationValue.Member] {
    [
      .init("top1", .number(metrics.top1)), .init("top5", .number(metrics.top5)),
      .init("loss", .number(metrics.loss)), .init("samples", .integer(metrics.samples)),
      .init(
        "confusion",
        .list(metrics.confusion.map { .list($0.map { .integer($0) }) })
      ),
      .init(
        "firing_rate",
        .section(evaluation.firingRates.layerRates.map { .init($0.name, .number($0.rate)) })
      ),
      .init(
        "latency_ms",
        .section([
          .init("p50", .number(latency.percentile(0.5))),
          .init("p95", .number(latency.percentile(0.95))),
        ])
      ),
      .init("samples_per_second", .number(samplesPerSecond)),
      .init("peak_memory_mb", .integer(PeakMemory.bytes >> 20)),
    ]
  }

  /// A few lines for people.
  var text: String {
    let decimals = TrainingReport.decimals
    var lines = [
      "\(part) accuracy \(decimals(metrics.top1, 3))",
      "top-5 accuracy \(decimals(metrics.top5, 3))", "loss \(decimals(metrics.loss, 4))",
      "samples \(metrics.samples)",
      """
      latency \(decimals(latency.percentile(0.5), 2)) ms (median), \
      \(decimals(latency.percentile(0.95), 2)) ms (95 %); \
      \(decimals(samplesPerSecond, 1)) samples/s; peak memory \(PeakMemory.bytes >> 20) MB
      """, "",
    ]
    lines += energy.lines
    if let anytime { lines += ["", "with the first frames only"] + anytime.lines }
    lines += ["", "firing rates"]
    for (name, rate) in evaluation.firingRates.layerRates {
      lines.append("  \(decimals(100 * rate, 2).leftPadded(to: 6)) %  \(name)")
    }
    lines += ["", "confusion (rows: label, columns: predicted)"] + confusion
    return lines.joined(separator: "\n")
  }

  private var confusion: [String] {
    let width = max(4, String(metrics.samples).count + 1)
    let header = classNames.indices.map { String($0).leftPadded(to: width) }.joined()
    let rows = zip(classNames.indices, metrics.confusion).map { index, counts in
      String(index).leftPadded(to: 4)
        + counts.map { String($0).leftPadded(to: width) }.joined() + "  \(classNames[index])"
    }
    return ["    " + header] + rows
  }
}
