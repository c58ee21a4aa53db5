import CSpikeKernels

/// The C inner loops in the variant that fits this processor, or the one that SPIKENET_ISA names.
enum SpikeKernels {
  /// The functions of the selected variant; chosen once, before the first kernel runs.
  nonisolated(unsafe) static let selected = spike_kernels_selected().pointee

  /// `avx512`, `avx2` or `portable`.
  static var instructionSet: String { String(cString: selected.name) }

  /// Channels rounded up to whole vectors of 16, as weights and per-channel arrays are padded.
  static func padded(_ channels: Int) -> Int { (channels + 15) / 16 * 16 }

  /// Per-channel values with zeros up to whole vectors.
  static func padded(_ values: [Float]) -> [Float] {
    values + [Float](repeating: 0, count: padded(values.count) - values.count)
  }
}
