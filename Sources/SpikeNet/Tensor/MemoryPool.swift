import Foundation
import Synchronization

/// Reuses blocks of memory, so that training steps after the first allocate nothing.
///
/// An allocator like `malloc`, and global for the same reason: blocks are interchangeable, so
/// sharing them carries no state from one computation to another. Sizes are rounded up to one of
/// four steps per power of two; a returned block serves the next request of its size.
public final class MemoryPool: Sendable {
  /// The pool that every tensor uses.
  public static let shared = MemoryPool()

  /// What the pool holds and has handed out, in bytes.
  public struct Usage: Sendable {
    /// Bytes in blocks that are in use.
    public var used = 0
    /// Bytes in blocks that wait to be used again.
    public var free = 0
    /// The most bytes that were ever in use at once.
    public var peak = 0
    /// Requests that the operating system had to serve.
    public var allocations = 0
  }

  private struct State: ~Copyable {
    var blocks: [Int: [UInt]] = [:]
    var usage = Usage()
  }

  private let state = Mutex(State())

  /// What the pool holds now.
  public var usage: Usage { state.withLock { $0.usage } }

  /// Starts measuring the peak anew.
  public func resetPeak() {
    state.withLock { $0.usage.peak = $0.usage.used }
  }

  func allocate(byteCount: Int) -> (memory: UnsafeMutableRawPointer, capacity: Int) {
    let capacity = Self.roundedUp(byteCount)
    let reused: UInt? = state.withLock { state in
      state.usage.used += capacity
      state.usage.peak = max(state.usage.peak, state.usage.used)
      guard let block = state.blocks[capacity]?.popLast() else {
        state.usage.allocations += 1
        return nil
      }
      state.usage.free -= capacity
      return block
    }
    if let reused, let memory = UnsafeMutableRawPointer(bitPattern: reused) {
      return (memory, capacity)
    }
    return (Self.systemMemory(capacity), capacity)
  }

  func deallocate(_ memory: UnsafeMutableRawPointer, capacity: Int) {
    state.withLock { state in
      state.usage.used -= capacity
      state.usage.free += capacity
      state.blocks[capacity, default: []].append(UInt(bitPattern: memory))
    }
  }

  /// Large blocks ask for huge pages: the first touch and the address look-ups both get cheaper.
  private static func systemMemory(_ capacity: Int) -> UnsafeMutableRawPointer {
    let isLarge = capacity >= 2 << 20
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: capacity,
      alignment: isLarge ? 2 << 20 : 64
    )
    #if os(Linux)
      if isLarge { madvise(memory, capacity, MADV_HUGEPAGE) }
    #endif
    return memory
  }

  private static func roundedUp(_ byteCount: Int) -> Int {
    guard byteCount > 256 else { return 256 }
    let step = 1 << (Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount - 2)
    return (byteCount + step - 1) / step * step
  }
}
