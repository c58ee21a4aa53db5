import Synchronization

/// Working memory for the tasks of one loop: a piece for each thread, taken before the loop begins.
///
/// What a loop takes from the pool is so the same in every step, however its threads meet.
final class Workspace<Element: BitwiseCopyable>: Sendable {
  private let pieces: TensorStorage<Element>
  private let stride: Int
  private let free: Mutex<[Int]>

  /// Takes pieces of `size` elements, which begin in cache lines of their own.
  init(_ size: Int, _ parallel: Parallel) {
    let line = 64 / MemoryLayout<Element>.stride
    // A line more, because kernels may read a vector past the last element.
    stride = (size + line - 1) / line * line + line
    pieces = TensorStorage(uninitialized: stride * parallel.threads)
    free = Mutex(Array(0..<parallel.threads))
  }

  /// Lends a piece that no other task uses at the same time; its content is undefined.
  func withPiece(_ body: (UnsafeMutablePointer<Element>) -> Void) {
    let piece = free.withLock { $0.popLast() }
    guard let piece else { preconditionFailure("workspace: more tasks at once than threads") }
    body(pieces.pointer + piece * stride)
    free.withLock { $0.append(piece) }
  }
}
