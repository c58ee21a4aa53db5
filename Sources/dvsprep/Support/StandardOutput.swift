import Foundation

/// Where results go.
enum StandardOutput {
  /// Hands everything that was printed to the operating system.
  ///
  /// - Throws: ``CommandFailure`` if some of it cannot be written.
  static func flush() throws {
    // What an earlier attempt could not write is still in the buffer.
    guard fflush(nil) == 0 else {
      let reason = String(cString: strerror(errno))
      throw CommandFailure(.inputOutput, "standard output cannot be written: \(reason)")
    }
  }
}
