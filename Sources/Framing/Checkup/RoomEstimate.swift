import EventIO
import Foundation

/// The room that converting a dataset takes, and the room that there is.
public struct RoomEstimate: Hashable, Codable, Sendable {
  /// Bytes of a cache of 16 frames, at most: all counts in one byte each, not compressed.
  public var cacheBytes: Int
  /// Free bytes on the disk that the dataset is on; nil where the system does not say.
  public var freeBytes: Int?
  /// Bytes of memory that decoding takes: the largest recordings, one per core.
  public var memoryBytes: Int
  /// Bytes of memory that are available; nil where the system does not say.
  public var availableBytes: Int?

  private static let frames = 16
  /// Memory per byte of a recording: its events in columns, where they are held at once.
  private static let memoryPerByte = 3
  private static let baseMemory = 1 << 26

  /// Estimates a conversion.
  init(_ catalog: RecordingCatalog, geometry: SensorGeometry, folder: String) {
    let frameBytes = 2 * geometry.width * geometry.height
    cacheBytes = catalog.samples.count * Self.frames * frameBytes
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let sizes = catalog.recordings.indices.map { catalog.source(ofRecording: $0).byteCount ?? 0 }
    let largest = sizes.sorted(by: >).prefix(cores).reduce(0, +)
    memoryBytes = Self.baseMemory * cores + Self.memoryPerByte * largest
    freeBytes = Self.freeBytes(on: folder)
    availableBytes = Self.availableMemory()
  }

  /// What does not fit.
  func findings(_ root: String) -> [Finding] {
    var findings: [Finding] = []
    if let freeBytes, freeBytes < cacheBytes {
      findings.append(
        Finding(
          .room,
          root,
          "\(freeBytes >> 20) MiB are free on its disk; a cache of \(Self.frames) frames takes up to "
            + "\(cacheBytes >> 20) MiB",
          remedy: "write the output to another disk, with -o"
        )
      )
    }
    if let availableBytes, availableBytes < memoryBytes {
      findings.append(
        Finding(
          .room,
          root,
          "\(availableBytes >> 20) MiB of memory are available; one recording a core takes up to "
            + "\(memoryBytes >> 20) MiB",
          remedy: "dvsprep convert --jobs 1"
        )
      )
    }
    return findings
  }

  private static func freeBytes(on folder: String) -> Int? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    return Int(
      clamping: UInt64(status.f_bavail).multipliedReportingOverflow(
        by: UInt64(status.f_frsize)
      ).partialValue
    )
  }

  private static func availableMemory() -> Int? {
    guard let data = FileManager.default.contents(atPath: "/proc/meminfo") else { return nil }
    let line = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("MemAvailable:") }
    let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return kibibytes.map { $0 << 10 }
  }
}
