/// What the kernels run on.
public enum Hardware {
  /// The instruction set of the spike kernels and the core type of OpenBLAS.
  public static var summary: String {
    "spike kernels \(SpikeKernels.instructionSet), OpenBLAS \(Gemm.coreType)"
  }
}
