import EventIO
import Foundation
import Synchronization

/// Writes the tree that SpikingJelly's dataset classes open without converting anything.
///
/// Below the root there will be `frames_number_{T}_split_by_{number|time}` or `duration_{D}`, and
/// `events_np`, without which the classes would look for downloads: with events, or empty. Each
/// folder appears when it is complete. `FRAMES.journal` lists what is finished while the work is
/// under way, and stays as `FRAMES.manifest` beside the folder.
public final class SpikingJellySink: FrameSink {
  private struct State {
    var work: Work?
    /// By recording and sample.
    var pending: [Int: [Int: Stored]] = [:]
    var entries: [Int: TreeJournal.Entry] = [:]
    var isConfirmed = false
  }

  /// What is settled before the work begins.
  private struct Work: Sendable {
    let job: FramingJob
    let layout: SpikingJellyLayout
    /// Events are shared by all sets of frames below a root, so that one process writes at a time.
    let lock: FolderLock
    let journal: TreeJournal
    let frames: TreeFolder
    /// Where events go; nil if they are not written.
    let events: TreeFolder?
    /// Whether the root was made for it.
    let isNewRoot: Bool
  }

  /// A sample that is in its files.
  private struct Stored: Sendable {
    let frames: Int
    let type: CountType
    let files: [TreeJournal.File]
  }

  private let root: String
  private let wantsEvents: Bool
  private let state = Mutex(State())

  /// Names the dataset's root.
  ///
  /// - Parameter writesEvents: Whether to fill `events_np`; recordings that are cut by labels fill
  ///   it in any case.
  public init(_ root: String, writesEvents: Bool) {
    var root = root
    while root.count > 1 && root.hasSuffix("/") { root.removeLast() }
    self.root = root
    wantsEvents = writesEvents
  }

  /// Takes up what an earlier run of the same job left, or finds the tree complete already.
  public func prepare(_ job: FramingJob) throws -> FinishedWork {
    let layout = try SpikingJellyLayout(job.recipe.slicing)
    let isNew = access(root, F_OK) != 0
    try TreeFolder.makeFolder(root)
    let lock = try FolderLock(root)
    let frames = TreeFolder(path: "\(root)/\(layout.frames)")
    let events = TreeFolder(path: "\(root)/\(SpikingJellyLayout.events)")
    let isCut = job.catalog.samples.contains { $0.window != nil }
    let writesEvents = wantsEvents || isCut
    let identity = TreeJournal.Identity(job, writesEvents: writesEvents)
    let keepsEvents = try keepsEvents(events, job, wanted: writesEvents)
    let journal = try TreeJournal(frames.path + ".journal")
    let work = Work(
      job: job,
      layout: layout,
      lock: lock,
      journal: journal,
      frames: frames,
      events: writesEvents && !keepsEvents ? events : nil,
      isNewRoot: isNew
    )
    do {
      let finished = try takeUp(work, identity)
      state.withLock { $0.work = work }
      return finished
    } catch {
      if TreeJournal.read(journal.path).identity == nil {
        journal.remove()
        if isNew { rmdir(root) }
      }
      throw error
    }
  }

  /// Whether events that are there already are those of the job.
  private func keepsEvents(
    _ folder: TreeFolder,
    _ job: FramingJob,
    wanted: Bool
  ) throws(FramingError) -> Bool {
    guard wanted, folder.exists, !job.options.overwrites else { return false }
    let present = SpikingJellyTree(folder.path).files
    if present.isEmpty { return false }
    let names = job.catalog.samples.map { sample in
      let name =
        sample.name.contains("/")
        ? sample.name : "\(job.catalog.classNames[sample.label])/\(sample.name)"
      return SpikingJellyLayout.eventsFile(name)
    }
    guard Set(names) == Set(present) else {
      throw FramingError(
        .usage,
        "holds \(present.count) files that are not those of the \(names.count) samples; pass "
          + "--overwrite to replace it, or choose another root",
        path: folder.path
      )
    }
    if let stale = staleEvents(job) {
      throw FramingError(
        .usage,
        "was made of \(stale); pass --overwrite to replace it",
        path: folder.path
      )
    }
    return true
  }

  /// What has changed since events were made; nil for events of other makers.
  private func staleEvents(_ job: FramingJob) -> String? {
    let catalog = TreeJournal.Identity(job, writesEvents: true).catalog
    let files = (try? FolderListing(root))?.files ?? []
    for file in files where file.hasSuffix(".manifest") {
      let (identity, entries) = TreeJournal.read("\(root)/\(file)")
      let made = entries.filter { entry in
        entry.files.contains { $0.name.hasPrefix(SpikingJellyLayout.events + "/") }
      }
      if made.isEmpty { continue }
      guard identity?.catalog == catalog else { return "other recordings, or by other labels" }
      if let stale = made.first(where: { !isCurrent($0, job) }) {
        return "\(job.catalog.recordings[stale.recording]), which was changed since"
      }
    }
    return nil
  }

  // MARK: Going on

  private func takeUp(_ work: Work, _ identity: TreeJournal.Identity) throws -> FinishedWork {
    let manifest = work.frames.path + ".manifest"
    let (found, entries) = TreeJournal.read(work.journal.path)
    if found == identity, isCommitted(entries, work) {
      try makeManifest(work)
      state.withLock { $0.isConfirmed = true }
      return remember(entries, work)
    }
    if !work.job.options.overwrites, work.frames.exists {
      return try confirm(work, identity, manifest)
    }
    var kept: [TreeJournal.Entry] = []
    if let found {
      let differences = found.differences(from: identity)
      if differences.isEmpty {
        kept = entries.filter { isIntact($0, work) }
      } else if !work.job.options.overwrites {
        throw FramingError(
          .usage,
          "is unfinished work of another conversion: \(differences.joined(separator: "; ")); pass "
            + "--overwrite to begin anew",
          path: work.journal.path
        )
      }
    }
    if kept.isEmpty {
      try work.frames.discard()
      try work.events?.discard()
    }
    try work.journal.begin(identity, kept)
    return remember(kept, work)
  }

  /// Whether an earlier run was stopped after all folders had their names.
  private func isCommitted(_ entries: [TreeJournal.Entry], _ work: Work) -> Bool {
    work.frames.exists && access(work.frames.partialPath, F_OK) != 0 && !entries.isEmpty
      && entries.allSatisfy { entry in
        isCurrent(entry, work.job)
          && entry.files.allSatisfy { $0.isWhole(at: "\(root)/\($0.name)") }
      }
  }

  /// A tree that is complete must be what the job would make.
  private func confirm(
    _ work: Work,
    _ identity: TreeJournal.Identity,
    _ manifest: String
  ) throws -> FinishedWork {
    let (found, entries) = TreeJournal.read(manifest)
    guard let found else {
      throw FramingError(
        .usage,
        "exists already, and was not made by this program; pass --overwrite to replace it",
        path: work.frames.path
      )
    }
    var differences = found.differences(from: identity)
    if differences.isEmpty {
      differences = entries.filter { !isCurrent($0, work.job) }.prefix(3).map {
        "\(work.job.catalog.recordings[$0.recording]) was changed"
      }
    }
    if differences.isEmpty {
      let names = entries.flatMap(\.files).map(\.name)
      let missing = names.filter { access("\(root)/\($0)", F_OK) != 0 }
      differences = missing.prefix(3).map { "\($0) is missing" }
      let lacking = Set(work.job.catalog.samples.map(\.recording))
        .subtracting(entries.map(\.recording))
      differences += lacking.sorted().prefix(3).map {
        "\(work.job.catalog.recordings[$0]) failed then"
      }
    }
    guard differences.isEmpty else {
      throw FramingError(
        .usage,
        "exists already, but \(differences.joined(separator: "; ")); pass --overwrite to replace it",
        path: work.frames.path
      )
    }
    work.journal.remove()
    state.withLock { $0.isConfirmed = true }
    return remember(entries, work)
  }

  /// Whether a recording is what it was, and all its files are whole.
  private func isIntact(_ entry: TreeJournal.Entry, _ work: Work) -> Bool {
    isCurrent(entry, work.job)
      && entry.files.allSatisfy { file in
        let parts = file.name.split(separator: "/", maxSplits: 1).map(String.init)
        let isDone = work.events == nil && parts[0] == SpikingJellyLayout.events
        let folder = TreeFolder(path: "\(root)/\(parts[0])")
        return parts.count == 2
          && file.isWhole(at: "\(isDone ? folder.path : folder.partialPath)/\(parts[1])")
      }
  }

  private func isCurrent(_ entry: TreeJournal.Entry, _ job: FramingJob) -> Bool {
    guard job.catalog.recordings.indices.contains(entry.recording) else { return false }
    let source = job.catalog.source(ofRecording: entry.recording)
    if let stamp = entry.note.stamp, stamp == source.stamp() { return true }
    return (try? source.fingerprint()) == entry.note.digest
  }

  private func remember(_ entries: [TreeJournal.Entry], _ work: Work) -> FinishedWork {
    state.withLock { state in
      for entry in entries { state.entries[entry.recording] = entry }
    }
    var finished = FinishedWork()
    for entry in entries { finished.recordings[entry.recording] = entry.note }
    finished.samples = Set(
      work.job.catalog.samples.indices.filter {
        finished.recordings[work.job.catalog.samples[$0].recording] != nil
      }
    )
    return finished
  }

  // MARK: Writing

  private var prepared: Work {
    guard let work = state.withLock({ $0.work }) else {
      preconditionFailure("prepare was not called")
    }
    return work
  }

  /// Writes a sample's files, on the caller's thread.
  public func append(_ sample: FramedSample, at index: Int) throws -> Int {
    let work = prepared
    let name = SpikingJellyLayout.name(sample, work.job.catalog)
    let level = work.job.options.compression
    var widest = CountType.uint8
    try sample.forEachPart { widest = max(widest, CountType(holding: $0.maximum)) }
    let frameCount = sample.slices.events.count
    let frames = NPZWriter.archive(
      of: [("frames", try array(sample, as: widest, work.job.recipe.geometry))],
      compression: .deflated(level: level)
    )
    let framesFile = work.layout.framesFile(name, frameCount: frameCount)
    try work.frames.write(frames, to: framesFile)
    var files = [TreeJournal.File("\(work.layout.frames)/\(framesFile)", frames)]
    var byteCount = frames.count
    if let folder = work.events {
      let events = NPZWriter.archive(
        of: NPZWriter.arrays(of: try sample.events(), timestamps: sample.timestampType),
        compression: .deflated(level: level)
      )
      let eventsFile = SpikingJellyLayout.eventsFile(name)
      try folder.write(events, to: eventsFile)
      files.append(TreeJournal.File("\(SpikingJellyLayout.events)/\(eventsFile)", events))
      byteCount += events.count
    }
    let recording = work.job.catalog.samples[index].recording
    let stored = Stored(frames: frameCount, type: widest, files: files)
    state.withLock { $0.pending[recording, default: [:]][index] = stored }
    return byteCount
  }

  /// The counts `[T, 2, H, W]` in the narrowest type that holds them.
  private func array(
    _ sample: FramedSample,
    as type: CountType,
    _ geometry: SensorGeometry
  ) throws -> NPYArray {
    let shape = [sample.slices.events.count, 2, geometry.height, geometry.width]
    switch type {
    case .uint8: return NPYArray(try counts(sample, UInt8.self), shape: shape)
    case .int16: return NPYArray(try counts(sample, Int16.self), shape: shape)
    case .int32: return NPYArray(try counts(sample, Int32.self), shape: shape)
    }
  }

  private func counts<Count: FixedWidthInteger>(
    _ sample: FramedSample,
    _: Count.Type
  ) throws -> [Count] {
    var counts: [Count] = []
    try sample.forEachPart { stack in
      counts.append(contentsOf: stack.counts.lazy.map { Count(truncatingIfNeeded: $0) })
    }
    return counts
  }

  /// Lists the recording's files in the journal.
  public func note(_ recording: RecordingNote, ofRecording index: Int) throws {
    try state.withLock { state in
      let pending = state.pending.removeValue(forKey: index) ?? [:]
      let stored = pending.sorted { $0.key < $1.key }.map(\.value)
      let entry = TreeJournal.Entry(
        recording: index,
        note: recording,
        frames: stored.reduce(0) { $0 + $1.frames },
        type: stored.map(\.type.rawValue).max() ?? 1,
        files: stored.flatMap(\.files)
      )
      try state.work?.journal.append(entry)
      state.entries[index] = entry
    }
  }

  /// Gives the folders their names.
  public func finish(_ notes: [Int: RecordingNote]) async throws -> FrameSinkReport {
    let work = prepared
    let (entries, isConfirmed) = state.withLock { ($0.entries, $0.isConfirmed) }
    let whole = entries.filter { notes[$0.key] != nil }
    if !isConfirmed { try commit(work, whole.values.sorted { $0.recording < $1.recording }) }
    return report(work.job, whole)
  }

  private func commit(_ work: Work, _ entries: [TreeJournal.Entry]) throws {
    try removeUnlisted(work, entries)
    let events = TreeFolder(path: "\(root)/\(SpikingJellyLayout.events)")
    if let folder = work.events {
      try folder.commit()
    } else if !events.exists {
      try TreeFolder.makeFolder(events.path)
    }
    try work.frames.commit()
    try makeManifest(work)
  }

  /// The journal of a tree that is complete becomes its manifest.
  private func makeManifest(_ work: Work) throws(FramingError) {
    guard rename(work.journal.path, work.frames.path + ".manifest") == 0 else {
      throw TreeJournal.failure(work.journal.path, "cannot be renamed")
    }
  }

  /// Files of recordings that failed half-way, or of an earlier run, are not part of the tree.
  private func removeUnlisted(_ work: Work, _ entries: [TreeJournal.Entry]) throws {
    let listed = Set(entries.flatMap(\.files).map(\.name))
    for folder in [work.frames, work.events].compactMap(\.self) {
      let name = PathName.last(folder.path)
      for file in SpikingJellyTree(folder.partialPath).files
      where !listed.contains("\(name)/\(file)") {
        unlink("\(folder.partialPath)/\(file)")
      }
    }
  }

  private func report(_ job: FramingJob, _ entries: [Int: TreeJournal.Entry]) -> FrameSinkReport {
    var report = FrameSinkReport()
    let samples = job.catalog.samples.filter { entries[$0.recording] != nil }
    report.samples = samples.count
    report.frames = entries.values.reduce(0) { $0 + $1.frames }
    report.type = entries.values.compactMap { CountType(rawValue: $0.type) }.max() ?? .uint8
    report.byteCount = entries.values.reduce(0) { $0 + $1.files.reduce(0) { $0 + $1.bytes } }
    let parts = Dictionary(grouping: samples.compactMap(\.part)) { $0.rawValue }.mapValues(\.count)
    if !parts.isEmpty { report.splits = ["official": parts] }
    return report
  }

  /// Keeps the journal if a recording is finished; or else leaves nothing.
  public func abandon() -> KeptWork {
    guard let work = state.withLock({ $0.work }), !state.withLock({ $0.isConfirmed }) else {
      return KeptWork()
    }
    let finished = state.withLock { Set($0.entries.keys) }
    guard finished.isEmpty else {
      let samples = work.job.catalog.samples.count { finished.contains($0.recording) }
      return KeptWork(samples: samples, path: work.journal.path)
    }
    try? work.frames.discard()
    try? work.events?.discard()
    work.journal.remove()
    if work.isNewRoot { rmdir(root) }
    return KeptWork()
  }
}
