import CSpikeKernels
import Foundation
import Synchronization

/// Threads that wait for loops to share, spinning a while before they sleep.
///
/// A training step is hundreds of short loops. Waking a sleeping thread takes some 100 µs, as long
/// as many of those loops; a thread that still spins joins within one.
final class ThreadTeam: Sendable {
  /// The team of this process; like the memory pool, it carries nothing from one loop to another.
  static let shared = ThreadTeam()

  /// One loop: its tasks are taken one by one by whoever is free.
  private final class Loop: @unchecked Sendable {
    private let next = Atomic(0)
    private let count: Int
    private let body: (Int) -> Void

    init(_ count: Int, _ body: @escaping (Int) -> Void) {
      self.count = count
      self.body = body
    }

    func takeTasks() {
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < count else { return }
        body(task)
      }
    }
  }

  /// What waits in `state`: whether a loop is open, how many members may still join it, and how many
  /// are in it.
  private struct State: RawRepresentable, AtomicRepresentable {
    var rawValue: Int

    init(rawValue: Int) { self.rawValue = rawValue }

    static let idle = State(rawValue: 0)

    init(openFor members: Int) { rawValue = members << 32 }

    var free: Int { rawValue >> 32 }
    var active: Int { rawValue & 0xFFFF_FFFF }
    var joined: State { State(rawValue: rawValue - (1 << 32) + 1) }
    var closed: State { State(rawValue: active) }
    var left: State { State(rawValue: rawValue - 1) }
  }

  private let isBusy = Atomic(false)
  private let members = Atomic(0)
  private let state = Atomic(State.idle)
  private let sleepers = Atomic(0)
  private let wake = NSCondition()
  /// Written while the state is idle, read by members between joining and leaving.
  nonisolated(unsafe) private var loop: Loop?

  /// Calls `body` for every task, with up to `threads` threads; returns when all are done.
  ///
  /// - Returns: False, having done nothing, if the team is at work for another caller.
  func share(_ count: Int, threads: Int, _ body: (Int) -> Void) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    recruit(min(threads, count) - 1)
    withoutActuallyEscaping(body) { body in
      let loop = Loop(count, body)
      self.loop = loop
      state.store(State(openFor: min(threads, count) - 1), ordering: .sequentiallyConsistent)
      wakeSleepers()
      loop.takeTasks()
      close()
      self.loop = nil
    }
    isBusy.store(false, ordering: .releasing)
    return true
  }

  private func wakeSleepers() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    wake.lock()
    wake.broadcast()
    wake.unlock()
  }

  /// Lets nobody else join, and waits for those who did.
  private func close() {
    update { $0.closed }
    while state.load(ordering: .acquiring).active > 0 { spin_wait_hint() }
  }

  private func update(_ change: (State) -> State) {
    var seen = state.load(ordering: .relaxed)
    while true {
      let (exchanged, original) = state.compareExchange(
        expected: seen,
        desired: change(seen),
        ordering: .acquiringAndReleasing
      )
      if exchanged { return }
      seen = original
    }
  }

  private func recruit(_ count: Int) {
    while members.load(ordering: .relaxed) < count {
      members.wrappingAdd(1, ordering: .relaxed)
      let thread = Thread { [self] in
        while true { waitAndJoin() }
      }
      thread.name = "SpikeNet"
      thread.start()
    }
  }

  private func waitAndJoin() {
    if !spin() { sleep() }
    var seen = state.load(ordering: .relaxed)
    while seen.free > 0 {
      let (exchanged, original) = state.compareExchange(
        expected: seen,
        desired: seen.joined,
        ordering: .acquiringAndReleasing
      )
      seen = original
      guard exchanged else { continue }
      loop?.takeTasks()
      update { $0.left }
      return
    }
  }

  private var isOpen: Bool { state.load(ordering: .sequentiallyConsistent).free > 0 }

  /// Looks for an open loop for some 100 µs.
  private func spin() -> Bool {
    for _ in 0..<4_000 {
      if state.load(ordering: .relaxed).free > 0 { return true }
      spin_wait_hint()
    }
    return false
  }

  /// Sleeps until a loop opens.
  private func sleep() {
    wake.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while !isOpen { wake.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    wake.unlock()
  }
}
