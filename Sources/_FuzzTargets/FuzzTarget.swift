/// Something that reads what others wrote.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Recordings in AEDAT 2.0.
  case aedat2
  /// Recordings in AEDAT 3.1.
  case aedat3
  /// Recordings in ATIS 40-bit records.
  case atis
  /// Events in archives of arrays.
  case npz
  /// Any arrays in archives.
  case arrays
  /// Tables of labels.
  case labels
  /// Frame caches.
  case cache
  /// Checkpoints of other programs.
  case checkpoint

  /// Reads one input; to refuse it is fine.
  ///
  /// - Throws: ``BrokenPromise`` where what was read breaks one.
  public func run(_ input: [UInt8]) throws {
    switch self {
    case .aedat2, .aedat3, .atis, .npz: try RecordingFuzz(format: rawValue).run(input)
    case .arrays: try ArchiveFuzz.run(input)
    case .labels: try LabelFuzz.run(input)
    case .cache: try CacheFuzz.run(input)
    case .checkpoint: try CheckpointFuzz.run(input)
    }
  }
}

/// What a reader promises and did not keep.
public struct BrokenPromise: Error, CustomStringConvertible {
  /// What was found instead.
  public let description: String
}

/// Checks a promise.
func require(_ condition: Bool, _ text: @autoclosure () -> String) throws(BrokenPromise) {
  if !condition { throw BrokenPromise(description: text()) }
}

/// A number that depends on all bytes of an input, to choose options by: FNV-1a.
func digest(_ input: [UInt8]) -> UInt64 {
  input.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
