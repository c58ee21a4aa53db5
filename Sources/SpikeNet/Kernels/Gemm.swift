import COpenBLAS

/// Dense matrix products through OpenBLAS, one thread per caller.
enum Gemm {
  /// OpenBLAS, from the first use on; it would start threads of its own inside ours.
  private static let library: Library = {
    var functions = copenblas_functions()
    guard copenblas_load(&functions) != 0 else {
      preconditionFailure("libopenblas.so.0 cannot be loaded; run scripts/setup")
    }
    functions.set_num_threads(1)
    return Library(functions: functions)
  }()

  /// Functions of C, which any thread may call.
  private struct Library: @unchecked Sendable {
    let functions: copenblas_functions
  }

  /// The kernels that OpenBLAS uses on this processor, such as `SkylakeX`.
  static var coreType: String { library.functions.get_corename().map { String(cString: $0) } ?? "" }

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
    let target = Target(pointer: c, stride: n, factor: 1, isAdded: adding)
    multiply(a, b, into: target, sizes: (m, n, k))
  }

  /// Where a product goes: its first element, the length of a stored row, what it is multiplied
  /// with, and whether it is added to what is there.
  struct Target {
    let pointer: UnsafeMutablePointer<Float>
    let stride: Int
    var factor: Float = 1
    var isAdded = false
  }

  /// Computes `factor · a · b` of `[m, k]` and `[k, n]`, row by row of the target.
  static func multiply(
    _ a: Matrix,
    _ b: Matrix,
    into c: Target,
    sizes: (m: Int, n: Int, k: Int)
  ) {
    guard sizes.m > 0, sizes.n > 0 else { return }
    library.functions.sgemm(
      CblasRowMajor,
      a.isTransposed ? CblasTrans : CblasNoTrans,
      b.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(sizes.m),
      blasint(sizes.n),
      blasint(sizes.k),
      c.factor,
      a.pointer,
      blasint(a.stride),
      b.pointer,
      blasint(b.stride),
      c.isAdded ? 1 : 0,
      c.pointer,
      blasint(c.stride)
    )
  }
}
