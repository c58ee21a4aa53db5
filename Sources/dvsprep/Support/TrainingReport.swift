import Foundation
import SpikeNet

/// What a person sees of a run: a line that moves, and a line for every epoch.
struct TrainingReport {
  private var line: ProgressLine
  private let diagnostics: Diagnostics
  private var epochs = 0
  private var stepsPerEpoch = 0
  private var stepSeconds = 0.0
  private var evaluationSeconds = 0.0

  init(_ output: OutputOptions) {
    line = output.progressLine
    diagnostics = output.diagnostics
  }

  /// Shows an event.
  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .started(let start): show(start)
    case .step(let step): show(step)
    case .epoch(let record): show(record)
    case .saved: break
    }
  }

  /// Removes the moving line.
  mutating func clear() { line.clear() }

  private mutating func show(_ start: TrainingStart) {
    epochs = start.epochs
    stepsPerEpoch = start.stepsPerEpoch
    evaluationSeconds = start.history.last?.evaluationSeconds ?? 0
    diagnostics.note(
      """
      \(start.parameterCount) parameters, \(start.trainingSamples) training and \
      \(start.testSamples) test samples, \(start.stepsPerEpoch) steps an epoch
      """
    )
    diagnostics.note(Hardware.summary)
    for warning in Hardware.warnings { diagnostics.warning(warning) }
    if let last = start.history.last { diagnostics.note("continuing after epoch \(last.epoch)") }
  }

  private mutating func show(_ step: TrainingStep) {
    // The first step warms up caches and pools.
    stepSeconds =
      step.step < 3 || stepSeconds == 0 ? step.seconds : (0.9 * stepSeconds + 0.1 * step.seconds)
    let stepsLeft = (epochs - step.epoch + 1) * stepsPerEpoch - step.step
    let secondsLeft =
      Double(stepsLeft) * stepSeconds + Double(epochs - step.epoch + 1) * evaluationSeconds
    line.update(
      [
        "epoch \(step.epoch)/\(epochs)", "step \(step.step)/\(stepsPerEpoch)",
        "loss \(Self.decimals(step.loss, 4))", "accuracy \(Self.decimals(step.accuracy, 3))",
        "lr \(Self.short(step.learningRate))",
        step.firingRate.map { "firing \(Self.decimals(100 * $0, 1)) %" } ?? "",
        "\(Self.decimals(Double(step.samples) / max(step.seconds, 1e-9), 1)) samples/s",
        "\(Self.clock(secondsLeft)) left", "\(PeakMemory.bytes >> 20) MB",
      ].filter { !$0.isEmpty }.joined(separator: "  ")
    )
  }

  private mutating func show(_ record: EpochRecord) {
    line.clear()
    evaluationSeconds = record.evaluationSeconds
    var parts = [
      "epoch \(record.epoch)/\(epochs)", "loss \(Self.decimals(record.trainLoss, 4))",
      "accuracy \(Self.decimals(record.trainTop1, 3))",
    ]
    for (name, top1) in [("val", record.validationTop1), ("test", record.testTop1)] {
      if let top1 { parts.append("\(name) \(Self.decimals(top1, 3))") }
    }
    parts.append("lr \(Self.short(record.learningRate))")
    if let rate = record.firingRate { parts.append("firing \(Self.decimals(100 * rate, 1)) %") }
    parts.append("\(Self.decimals(record.trainSeconds, 2)) s")
    diagnostics.note(parts.joined(separator: "  "))
  }

  static func decimals(_ value: Double, _ count: Int) -> String {
    String(format: "%.\(count)f", value)
  }

  private static func short(_ value: Double) -> String { String(format: "%.3g", value) }

  private static func clock(_ seconds: Double) -> String {
    let total = Int(min(max(seconds, 0), 1e9))
    let minutes = String(format: "%02d:%02d", total / 60 % 60, total % 60)
    return total < 3600 ? minutes : "\(total / 3600):\(minutes)"
  }
}
