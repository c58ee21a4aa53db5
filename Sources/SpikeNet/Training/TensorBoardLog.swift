import Foundation

/// Curves for TensorBoard: an event file in a run directory, which follows the run while it goes on.
///
/// The file is a row of TFRecords: length (8 bytes, little-endian), masked CRC-32C of the length,
/// the message, masked CRC-32C of the message. Messages are `tensorflow.Event` in protobuf's form:
///
/// | field | type | content |
/// |---|---|---|
/// | 1 | double | `wall_time`, seconds since 1970 |
/// | 2 | varint | `step` |
/// | 3 | text | `file_version`, in the first message |
/// | 5 | message | `summary`: values (1) of `tag` (1, text) and `simple_value` (2, float) |
/// | 7 | message | `session_log`: `status` (1), of which 1 is START |
///
/// A run that continues begins another file with START: readers then forget what an interrupted
/// run wrote after its last checkpoint.
public final class TensorBoardLog: MetricsLogger {
  private let folder: String
  private let clock: () -> Date
  private var file: FileHandle?
  private var path = ""
  private var totalSteps = 0
  private var interval = 1
  /// Points of a curve over the steps of an epoch.
  private static let pointsPerEpoch = 20
  private static let prefix = "events.out.tfevents."

  /// Prepares to write into a folder.
  ///
  /// - Parameter clock: The time that events carry.
  public init(folder: String, clock: @escaping () -> Date = { Date() }) {
    self.folder = folder
    self.clock = clock
  }

  /// Adds an event's numbers.
  public func log(_ event: TrainingEvent) throws {
    switch event {
    case .started(let start): try begin(start)
    case .step(let step):
      totalSteps = step.totalSteps
      guard step.step % interval == 0 else { return }
      try write([
        ("step/loss", step.loss), ("step/accuracy", step.accuracy),
        ("step/learning_rate", step.learningRate), ("step/firing_rate", step.firingRate),
        ("step/samples_per_second", Double(step.samples) / max(step.seconds, 1e-9)),
      ])
    case .epoch(let record):
      try write([
        ("loss/train", record.trainLoss), ("loss/val", record.validationLoss),
        ("loss/test", record.testLoss), ("accuracy/train", record.trainTop1),
        ("accuracy/val", record.validationTop1), ("accuracy/test", record.testTop1),
        ("epoch/number", Double(record.epoch)), ("epoch/learning_rate", record.learningRate),
        ("epoch/firing_rate", record.firingRate), ("epoch/gradient_norm", record.gradientNorm),
        ("epoch/seconds", record.trainSeconds),
      ])
    case .saved: break
    }
  }

  private func begin(_ start: TrainingStart) throws {
    totalSteps = start.totalSteps
    interval = max(start.stepsPerEpoch / Self.pointsPerEpoch, 1)
    path = try "\(folder)/\(name())"
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw SpikeNetError(.inputOutput, "cannot be made", path: path) }
    self.file = file
    var version = event(step: 0)
    version.text(3, "brain.Event:2")
    try write(version)
    guard totalSteps > 0 else { return }
    var started = event(step: totalSteps + 1)
    var session = ProtobufMessage()
    session.integer(1, 1)
    started.message(7, session)
    try write(started)
  }

  /// A name that sorts behind those of earlier files, as readers expect.
  private func name() throws -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let seconds = names.filter { $0.hasPrefix(Self.prefix) }.compactMap {
      Int($0.dropFirst(Self.prefix.count).prefix { $0.isNumber })
    }
    let now = Int(clock().timeIntervalSince1970)
    let free = max(now, (seconds.max() ?? 0) + 1)
    return "\(Self.prefix)\(free).\(ProcessInfo.processInfo.hostName)"
  }

  private func event(step: Int) -> ProtobufMessage {
    var event = ProtobufMessage()
    event.double(1, clock().timeIntervalSince1970)
    event.integer(2, step)
    return event
  }

  /// What was not measured is left out; what is not finite is a gap in the curve.
  private func write(_ values: [(tag: String, value: Double?)]) throws {
    var summary = ProtobufMessage()
    for (tag, value) in values {
      guard let value else { continue }
      var entry = ProtobufMessage()
      entry.text(1, tag)
      entry.float(2, Float(value))
      summary.message(1, entry)
    }
    var event = event(step: totalSteps)
    event.message(5, summary)
    try write(event)
  }

  private func write(_ message: ProtobufMessage) throws {
    do { try file?.write(contentsOf: TFRecord.bytes(of: message.bytes)) } catch {
      throw SpikeNetError(
        .inputOutput,
        "cannot be written: \(SystemFailure.reason(error))",
        path: path
      )
    }
  }
}
