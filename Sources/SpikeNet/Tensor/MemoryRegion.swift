import Foundation

/// A range of addresses that blocks are cut from, and that they join again when they come back.
///
/// A block goes to the lowest free place that holds it. Steps that ask for the same blocks in the
/// same order therefore get the same places each time, and memory that one size left serves others.
struct MemoryRegion {
  private struct Range {
    var start: Int
    var size: Int
    var end: Int { start + size }
  }

  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  /// Free ranges below ``end``, in order; no two of them touch.
  private var free: [Range] = []
  /// Bytes from the base that blocks have ever reached.
  private(set) var end = 0

  /// Reserves addresses, which take memory only where they are written; nil if the system has none.
  init?(capacity: Int) {
    var flags = MAP_PRIVATE | MAP_ANON
    #if os(Linux)
      flags |= MAP_NORESERVE
    #endif
    let memory = mmap(nil, capacity, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory, memory != MAP_FAILED else { return nil }
    // Huge pages: the first touch and the look-up of addresses both get cheaper.
    #if os(Linux)
      madvise(memory, capacity, MADV_HUGEPAGE)
    #endif
    base = memory
    self.capacity = capacity
  }

  /// Whether a block was cut from this region.
  func contains(_ memory: UnsafeMutableRawPointer) -> Bool {
    memory >= base && memory < base + capacity
  }

  /// Cuts a block; nil if the addresses do not suffice.
  mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    if let index = free.firstIndex(where: { $0.size >= size }) {
      let start = free[index].start
      free[index] = Range(start: start + size, size: free[index].size - size)
      if free[index].size == 0 { free.remove(at: index) }
      return base + start
    }
    // What is free at the end becomes the beginning of the block.
    let start = free.last.flatMap { $0.end == end ? $0.start : nil } ?? end
    guard size <= capacity - start else { return nil }
    if start < end { free.removeLast() }
    end = start + size
    return base + start
  }

  /// Takes a block back.
  mutating func deallocate(_ memory: UnsafeMutableRawPointer, _ size: Int) {
    var range = Range(start: memory - base, size: size)
    var index = firstFree(after: range.start)
    if index < free.count, free[index].start == range.end {
      range.size += free[index].size
      free.remove(at: index)
    }
    if index > 0, free[index - 1].end == range.start {
      index -= 1
      range = Range(start: free[index].start, size: free[index].size + range.size)
      free[index] = range
    } else {
      free.insert(range, at: index)
    }
  }

  private func firstFree(after start: Int) -> Int {
    var (low, high) = (0, free.count)
    while low < high {
      let middle = (low + high) / 2
      if free[middle].start < start { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
