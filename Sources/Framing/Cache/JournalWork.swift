import Foundation

/// What a journal holds of a job: the samples of recordings that were finished.
struct JournalWork {
  /// What need not be done again.
  private(set) var finished = FinishedWork()
  /// The records of those samples.
  private(set) var samples: [Int: Journal.Entry] = [:]
  /// The notes of those recordings.
  private(set) var recordings: [Int: Journal.Entry] = [:]
  /// The widest type among them.
  private(set) var widest = CountType.uint8

  private init() {}

  /// Takes a journal up, or begins it.
  ///
  /// - Throws: ``FramingError`` of kind `usage` if the journal belongs to another conversion, or a
  ///   recording has changed since; unless the job may replace its output.
  init(_ journal: Journal, _ job: FramingJob) throws(FramingError) {
    let identity = ConversionIdentity(job, layout: "hdf5")
    let entries = try journal.recover()
    if let other = try Self.identity(entries, journal) {
      let differences = other.differences(from: identity)
      if differences.isEmpty {
        try collect(entries, journal, job)
        let changes = changedRecordings(job)
        if changes.isEmpty { return }
        try Self.refuse(journal, job, "of recordings that have changed since: \(changes)")
      } else {
        let list = differences.joined(separator: "; ")
        try Self.refuse(journal, job, "of another conversion: \(list)")
      }
    }
    self = JournalWork()
    try journal.clear()
    try journal.append(.identity, Array(identity.json.utf8))
  }

  /// Whether a journal holds work of a job.
  static func isOf(_ job: FramingJob, _ journal: Journal) throws(FramingError) -> Bool {
    try identity(journal.recover(), journal) == ConversionIdentity(job, layout: "hdf5")
  }

  private static func identity(
    _ entries: [Journal.Entry],
    _ journal: Journal
  ) throws(FramingError) -> ConversionIdentity? {
    guard let first = entries.first, first.kind == .identity,
      let json = try journal.payload(of: first)
    else { return nil }
    return ConversionIdentity(json: String(decoding: json, as: UTF8.self))
  }

  private static func refuse(
    _ journal: Journal,
    _ job: FramingJob,
    _ what: String
  ) throws(FramingError) {
    guard !job.options.overwrites else { return }
    throw FramingError(
      .usage,
      "holds unfinished work \(what); pass --overwrite to discard it, or choose another output",
      path: journal.path
    )
  }

  private mutating func collect(
    _ entries: [Journal.Entry],
    _ journal: Journal,
    _ job: FramingJob
  ) throws(FramingError) {
    let catalog = job.catalog
    var samples: [Int: Journal.Entry] = [:]
    var notes: [Int: RecordingNote] = [:]
    for entry in entries {
      switch entry.kind {
      case .identity: continue
      case .sample where catalog.samples.indices.contains(entry.index) && entry.type != nil:
        samples[entry.index] = entry
      case .recording:
        notes[entry.index] = try journal.payload(of: entry).flatMap { RecordingNote(record: $0) }
        recordings[entry.index] = entry
      default: continue
      }
    }
    // A recording counts if all its samples are there.
    for (index, sample) in catalog.samples.enumerated() where samples[index] == nil {
      notes[sample.recording] = nil
    }
    self.samples = samples.filter { notes[catalog.samples[$0.key].recording] != nil }
    finished.recordings = notes.filter { catalog.recordings.indices.contains($0.key) }
    recordings = recordings.filter { finished.recordings[$0.key] != nil }
    finished.samples = Set(self.samples.keys)
    widest = self.samples.values.compactMap(\.type).max() ?? .uint8
  }

  /// The names of finished recordings whose content is another now.
  private func changedRecordings(_ job: FramingJob) -> String {
    var changed: [String] = []
    for (recording, note) in finished.recordings.sorted(by: { $0.key < $1.key }) {
      let source = job.catalog.source(ofRecording: recording)
      if let stamp = source.stamp(), stamp == note.stamp { continue }
      if (try? source.fingerprint()) != note.digest { changed.append(source.name) }
    }
    let more = changed.count > 3 ? " and \(changed.count - 3) more" : ""
    return changed.prefix(3).joined(separator: ", ") + more
  }
}

extension RecordingNote {
  /// The note's record: digest, stamp and whether there is one, events, dropped events, whether rows
  /// count from the bottom, the number of warnings, the warnings.
  var record: [UInt8] {
    var writer = RecordWriter()
    writer.append(digest)
    writer.append(stamp == nil ? 0 : 1)
    writer.append(stamp ?? "")
    writer.append(events)
    writer.append(droppedEvents)
    writer.append(rowsCountFromBottom ? 1 : 0)
    writer.append(warnings.count)
    for warning in warnings { writer.append(warning) }
    return writer.bytes
  }

  /// Reads a record; nil if it makes no sense.
  init?(record: [UInt8]) {
    var reader = RecordReader(record)
    guard let digest = reader.text(), let hasStamp = reader.number(Int.self),
      let stamp = reader.text(), let events = reader.number(Int.self),
      let dropped = reader.number(Int.self), let isBottom = reader.number(Int.self),
      let warningCount = reader.number(Int.self), warningCount <= record.count
    else { return nil }
    self.init()
    self.digest = digest
    self.stamp = hasStamp == 1 ? stamp : nil
    self.events = events
    droppedEvents = dropped
    rowsCountFromBottom = isBottom == 1
    for _ in 0..<max(0, warningCount) {
      guard let warning = reader.text() else { return nil }
      warnings.append(warning)
    }
  }
}
