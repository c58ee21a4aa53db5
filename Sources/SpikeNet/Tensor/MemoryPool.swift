import Foundation
import Synchronization

/// Reuses blocks of memory, so that training steps after the first allocate nothing.
///
/// An allocator like `malloc`, and global for the same reason: blocks are interchangeable, so
/// sharing them carries no state from one computation to another. Large blocks are cut from one
/// ``MemoryRegion``; small ones are rounded up to one of four sizes per power of two, and a returned
/// one serves the next request of its size.
public final class MemoryPool: Sendable {
  /// The pool that every tensor uses.
  public static let shared = MemoryPool()

  /// What the pool holds and has handed out, in bytes.
  public struct Usage: Sendable {
    /// Bytes in blocks that are in use.
    public var used = 0
    /// The most bytes that were ever in use at once.
    public var peak = 0
    /// Requests that needed memory that the pool did not have.
    public var allocations = 0
  }

  private struct State: ~Copyable {
    var blocks: [Int: [UInt]] = [:]
    var region: MemoryRegion?
    var usage = Usage()

    mutating func take(_ capacity: Int) -> UnsafeMutableRawPointer {
      if capacity >= MemoryPool.largeSize, let memory = takeLarge(capacity) { return memory }
      if let block = blocks[capacity]?.popLast(),
        let memory = UnsafeMutableRawPointer(bitPattern: block)
      {
        return memory
      }
      usage.allocations += 1
      return .allocate(byteCount: capacity, alignment: 64)
    }

    private mutating func takeLarge(_ capacity: Int) -> UnsafeMutableRawPointer? {
      guard let end = region?.end, let memory = region?.allocate(capacity) else { return nil }
      if region?.end != end { usage.allocations += 1 }
      return memory
    }
  }

  /// Blocks of this size and above are cut from the region, in whole pages.
  private static let largeSize = 1 << 16
  private static let pageSize = 1 << 12

  private let state: Mutex<State>

  init() {
    // Addresses cost nothing; twice the machine's memory leaves room for gaps between blocks.
    let addresses = Int(clamping: ProcessInfo.processInfo.physicalMemory) * 2
    state = Mutex(State(region: MemoryRegion(capacity: addresses)))
  }

  /// What the pool holds now.
  public var usage: Usage { state.withLock { $0.usage } }

  /// Starts measuring the peak anew.
  public func resetPeak() {
    state.withLock { $0.usage.peak = $0.usage.used }
  }

  func allocate(byteCount: Int) -> (memory: UnsafeMutableRawPointer, capacity: Int) {
    let capacity = Self.roundedUp(byteCount)
    let memory = state.withLock { state in
      state.usage.used += capacity
      state.usage.peak = max(state.usage.peak, state.usage.used)
      return UInt(bitPattern: state.take(capacity))
    }
    guard let memory = UnsafeMutableRawPointer(bitPattern: memory) else {
      preconditionFailure("memory pool: no memory")
    }
    return (memory, capacity)
  }

  func deallocate(_ memory: UnsafeMutableRawPointer, capacity: Int) {
    let address = UInt(bitPattern: memory)
    state.withLock { state in
      state.usage.used -= capacity
      guard let memory = UnsafeMutableRawPointer(bitPattern: address) else { return }
      if state.region?.contains(memory) == true {
        state.region?.deallocate(memory, capacity)
      } else {
        state.blocks[capacity, default: []].append(address)
      }
    }
  }

  private static func roundedUp(_ byteCount: Int) -> Int {
    guard byteCount > 256 else { return 256 }
    guard byteCount < largeSize else { return (byteCount + pageSize - 1) / pageSize * pageSize }
    let step = 1 << (Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount - 2)
    return (byteCount + step - 1) / step * step
  }
}
