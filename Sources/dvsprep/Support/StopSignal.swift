import ArgumentParser
import Dispatch
import Foundation
import Synchronization

/// Notes Ctrl-C and SIGTERM, so that a run can save before it ends; the second one ends at once.
final class StopSignal {
  private final class Received: Sendable {
    let number = Atomic<Int32>(0)
    let discarded = Mutex<[String]>([])
  }

  private let signal = Received()
  private let sources: [any DispatchSourceSignal]

  /// Starts listening.
  init() {
    sources = [SIGINT, SIGTERM].map { [signal] number in
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if signal.number.exchange(number, ordering: .relaxed) != 0 {
          signal.discarded.withLock { for path in $0 { unlink(path) } }
          _exit(128 + number)
        }
      }
      source.resume()
      return source
    }
  }

  /// The number of the signal that came; nil if none did.
  var received: Int32? {
    let number = signal.number.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Notes a file that shall not remain when a second signal ends the program at once.
  func discard(_ path: String) { signal.discarded.withLock { $0.append(path) } }

  /// Says from any thread whether a signal came.
  var watcher: @Sendable () -> Bool {
    { [signal] in signal.number.load(ordering: .relaxed) != 0 }
  }

  /// Runs some work in a task that is cancelled when a signal comes.
  ///
  /// - Throws: What the work throws; after a signal the exit code that belongs to it.
  func cancelling<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let watch = Task.detached { [received = watcher] in
      while !Task.isCancelled {
        if received() { return task.cancel() }
        try? await Task.sleep(for: .milliseconds(20))
      }
    }
    defer { watch.cancel() }
    do {
      return try await task.value
    } catch {
      try check()
      throw error
    }
  }

  /// Ends the command if a signal came; call it where stopping leaves nothing behind.
  ///
  /// - Throws: The exit code of the shell's convention, 128 and the signal's number.
  func check() throws {
    guard let received else { return }
    Diagnostics.error("stopped by signal \(received)")
    throw ExitCode(128 + received)
  }
}
