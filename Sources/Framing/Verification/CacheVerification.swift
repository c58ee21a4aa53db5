import HDF5
import Synchronization

/// Finds damage in a cache: compares everything in it with the checksums that were stored with it.
///
/// Every byte of the file is covered, also where only other programs look.
public struct CacheVerification: Sendable {
  private let cache: FrameCache
  private let jobs: Int

  /// Verifies a cache with a number of threads.
  public init(_ cache: FrameCache, jobs: Int) {
    self.cache = cache
    self.jobs = max(1, jobs)
  }

  /// Reads the whole cache.
  ///
  /// - Parameter progress: Called with the number of samples so far, from any thread.
  /// - Returns: What is damaged, in order; empty for a sound cache.
  /// - Throws: ``FramingError`` of kind `unsupported` if the cache has no checksums.
  public func run(
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> [FrameSetFinding] {
    let tables = try cache.tables()
    guard let stored = tables.attributes[CacheSchema.tablesChecksum] else {
      throw FramingError(
        .unsupported,
        "the cache has no checksums, as those of versions before 0.2; convert again",
        path: cache.path
      )
    }
    var findings: [FrameSetFinding] = []
    if stored != "\(tables.checksum)" || tables.checksums.count != cache.count {
      findings.append(
        FrameSetFinding(sample: nil, reason: "names, labels, splits, slices or attributes changed")
      )
    }
    let checksums = tables.checksums
    guard checksums.count == cache.count else { return findings }
    let isWhole = try wholeFileIsRight()
    let idle = Mutex<[SampleReader]>([])
    findings += try await FrameSetWork(count: cache.count, jobs: jobs).run(progress) { index in
      let reader = idle.withLock { $0.popLast() } ?? SampleReader()
      defer { idle.withLock { $0.append(reader) } }
      return try reader.finding(in: cache, at: index, checksum: checksums[index])
    }
    if findings.isEmpty, !isWhole {
      findings.append(
        FrameSetFinding(
          sample: nil,
          reason: "bytes of the file changed since it was written; dvsprep still reads what was "
            + "written, other programs may not; convert again, or, if a program changed the file "
            + "on purpose, set its attribute \(CacheSchema.fileChecksum) to 0"
        )
      )
    }
    return findings
  }

  /// Whether the file's bytes give the checksum that is in it; true for a cache without one.
  private func wholeFileIsRight() throws(FramingError) -> Bool {
    do throws(HDF5Error) {
      return try FileChecksum(cache.file)?.isRight ?? true
    } catch {
      throw FramingError(reading: error).at(cache.path)
    }
  }
}

/// Memory for reading one sample after the other; for one thread at a time.
private final class SampleReader: @unchecked Sendable {
  private var counts: [Int32] = []
  private var scratch = FrameCache.Scratch()

  func finding(
    in cache: FrameCache,
    at index: Int,
    checksum: UInt32
  ) throws(FramingError) -> FrameSetFinding? {
    let name = cache.names[index]
    do {
      try cache.read(at: index, into: &counts, scratch: &scratch)
    } catch {
      guard error.kind == .corrupt else { throw error }
      return FrameSetFinding(sample: name, reason: error.reason)
    }
    var sum = Checksum()
    sum.add(counts, counts.indices, as: cache.type)
    return sum.value == checksum ? nil : FrameSetFinding(sample: name, reason: "counts changed")
  }
}

/// Something that is wrong with a set of frames.
public struct FrameSetFinding: Hashable, Sendable {
  /// The sample; nil for the set as a whole.
  public let sample: String?
  /// What is wrong with it.
  public let reason: String

  /// Creates a finding.
  public init(sample: String?, reason: String) {
    self.sample = sample
    self.reason = reason
  }
}

/// A number of samples, looked at by several threads.
struct FrameSetWork {
  let count: Int
  let jobs: Int

  /// Looks at all samples.
  ///
  /// - Parameter look: Finds what is wrong with a sample; called from any thread.
  /// - Returns: The findings in the order of the samples.
  func run(
    _ progress: @escaping @Sendable (Int) -> Void,
    _ look: @escaping @Sendable (Int) throws -> FrameSetFinding?
  ) async throws -> [FrameSetFinding] {
    let count = count
    let next = Counter()
    let done = Counter()
    var findings: [(Int, FrameSetFinding)] = []
    try await withThrowingTaskGroup(of: [(Int, FrameSetFinding)].self) { group in
      for _ in 0..<min(jobs, max(1, count)) {
        group.addTask {
          var found: [(Int, FrameSetFinding)] = []
          while let index = next.take(below: count) {
            try Task.checkCancellation()
            if let finding = try look(index) { found.append((index, finding)) }
            _ = done.take(below: count)
            progress(done.value)
          }
          return found
        }
      }
      for try await found in group { findings += found }
    }
    return findings.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Hands out numbers from 0.
  private final class Counter: Sendable {
    private let state = Mutex(0)

    var value: Int { state.withLock { $0 } }

    func take(below limit: Int) -> Int? {
      state.withLock { value in
        guard value < limit else { return nil }
        defer { value += 1 }
        return value
      }
    }
  }
}
