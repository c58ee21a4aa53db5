import COpenBLAS

/// Dense matrix products through OpenBLAS, one thread per caller.
enum Gemm {
  /// OpenBLAS would start threads of its own inside ours.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// The kernels that OpenBLAS uses on this processor, such as `SkylakeX`.
  static var coreType: String { String(cString: openblas_get_corename()) }

  /// A matrix in memory: its first element, the length of a stored row, and whether it is read
  /// with rows and columns exchanged.
  struct Matrix {
    let pointer: UnsafePointer<Float>
    let stride: Int
    var isTransposed = false
  }

  /// Computes `c = a · b`, or adds it to `c`: `[m, k] · [k, n]`.
  static func multiply(
    _ a: Matrix,
    _ b: Matrix,
    into c: UnsafeMutablePointer<Float>,
    m: Int,
    n: Int,
    k: Int,
    adding: Bool = false
  ) {
    _ = singleThreaded
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor,
      a.isTransposed ? CblasTrans : CblasNoTrans,
      b.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(m),
      blasint(n),
      blasint(k),
      1,
      a.pointer,
      blasint(a.stride),
      b.pointer,
      blasint(b.stride),
      adding ? 1 : 0,
      c,
      blasint(n)
    )
  }
}
