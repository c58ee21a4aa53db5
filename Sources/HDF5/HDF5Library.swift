import CHDF5
import Synchronization

/// The one door to the C library.
///
/// The library keeps global state and is not re-entrant in every build, so each call takes one
/// process-wide lock. Work on bytes (inflating, deflating) happens outside it.
enum HDF5Library {
  private static let lock = Mutex<Void>(())

  /// Keeps the library from cleaning up when the program ends.
  ///
  /// After a full disk it would write to files that are closed already, and crash. Every handle here
  /// is closed by its owner.
  private static let isPrepared = H5dont_atexit() >= 0

  /// Runs calls into the library; the error stack is silent and belongs to these calls.
  ///
  /// `body` must not create or release handle objects, whose `deinit` takes the same lock.
  static func locked<Result>(
    _ body: () throws(HDF5Error) -> Result
  ) throws(HDF5Error) -> Result {
    let outcome = lock.withLock { _ -> Swift.Result<Unchecked<Result>, HDF5Error> in
      _ = isPrepared
      H5Eset_auto2(chdf5_default_stack(), nil, nil)
      do throws(HDF5Error) {
        return .success(Unchecked(value: try body()))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get().value
  }

  /// Runs a clean-up call whose failure nobody can act on.
  static func lockedQuietly(_ body: () -> Void) {
    lock.withLock { _ in
      H5Eset_auto2(chdf5_default_stack(), nil, nil)
      body()
      H5Eclear2(chdf5_default_stack())
    }
  }

  /// Carries a value out of the lock; the closure that made it has ended by then.
  private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
  }
}
