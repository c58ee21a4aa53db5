import CSpikeKernels
import Foundation

/// What the kernels run on.
public enum Hardware {
  /// The instruction set of the spike kernels: `avx512`, `avx2` or `portable`.
  public static var instructionSet: String { SpikeKernels.instructionSet }

  /// The kernels that OpenBLAS uses, such as `SkylakeX`.
  public static var blasCoreType: String { Gemm.coreType }

  /// The instruction set of the spike kernels and the core type of OpenBLAS.
  public static var summary: String { "spike kernels \(instructionSet), OpenBLAS \(blasCoreType)" }

  /// What keeps the kernels from what this machine can do.
  public static var warnings: [String] { [blasWarning, instructionSetWarning].compactMap(\.self) }

  /// Says so when SPIKENET_ISA asks for what there is not.
  private static var instructionSetWarning: String? {
    guard let asked = ProcessInfo.processInfo.environment["SPIKENET_ISA"], asked != instructionSet
    else { return nil }
    return """
      SPIKENET_ISA=\(asked) is no instruction set that this processor runs (avx512, avx2 or \
      portable); \(instructionSet) is used
      """
  }

  /// Says so when an inherited OPENBLAS_CORETYPE keeps OpenBLAS from this machine's AVX-512.
  private static var blasWarning: String? {
    guard let inherited = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"],
      spike_kernels_named("avx512") != nil, !blasUsesAVX512
    else { return nil }
    return """
      OPENBLAS_CORETYPE=\(inherited) makes OpenBLAS use its \(blasCoreType) kernels, about half as \
      fast as this processor allows; unset it for dense products at full speed
      """
  }

  private static var blasUsesAVX512: Bool {
    ["skylakex", "cooperlake", "sapphirerapids"].contains(blasCoreType.lowercased())
  }
}
