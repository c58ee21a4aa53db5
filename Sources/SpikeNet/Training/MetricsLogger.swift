import Foundation

/// Keeps what happened in a run.
public protocol MetricsLogger {
  /// Takes note of an event.
  mutating func log(_ event: TrainingEvent) throws
}

/// A text file with a line for every epoch, begun anew from the history when a run continues.
public struct EpochLines: MetricsLogger {
  private let path: String
  private let header: [String]
  private let line: @Sendable (EpochRecord) throws -> String

  private init(
    _ path: String,
    header: [String],
    line: @escaping @Sendable (EpochRecord) throws -> String
  ) {
    self.path = path
    self.header = header
    self.line = line
  }

  /// Comma-separated values under a header; what was not measured is empty.
  public static func table(_ path: String) -> EpochLines {
    let columns = EpochRecord.CodingKeys.allCases.map(\.rawValue)
    return EpochLines(path, header: [columns.joined(separator: ",")]) { record in
      let tree = try ConfigurationValue(encoding: record)
      return columns.map { column in
        tree[column].map { $0 == .null ? "" : $0.description } ?? ""
      }.joined(separator: ",")
    }
  }

  /// One JSON object a line.
  public static func json(_ path: String) -> EpochLines {
    EpochLines(path, header: []) {
      String(decoding: try Checkpoint.encoder.encode($0), as: UTF8.self)
    }
  }

  /// Adds a line for an epoch.
  public func log(_ event: TrainingEvent) throws {
    switch event {
    case .started(let start):
      let lines = try header + start.history.map(line)
      try AtomicFile.write(lines.map { $0 + "\n" }.joined(), to: path)
    case .epoch(let record): try append(line(record) + "\n")
    case .step, .saved: break
    }
  }

  private func append(_ text: String) throws {
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw SpikeNetError(.inputOutput, "cannot be opened to add a line", path: path)
    }
    defer { try? file.close() }
    do {
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
    } catch {
      throw SpikeNetError(
        .inputOutput,
        "cannot be written: \(SystemFailure.reason(error))",
        path: path
      )
    }
  }
}
