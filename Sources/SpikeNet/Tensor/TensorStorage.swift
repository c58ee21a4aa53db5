/// Aligned memory from the pool, shared by the tensors that were copied from one another.
final class TensorStorage<Element: BitwiseCopyable>: @unchecked Sendable {
  let count: Int
  let pointer: UnsafeMutablePointer<Element>
  private let capacity: Int

  /// Leaves the elements undefined; the creator writes all of them before anyone reads.
  init(uninitialized count: Int) {
    self.count = count
    // One vector more than needed: kernels may read, never write, past the last element.
    let block = MemoryPool.shared.allocate(byteCount: count * MemoryLayout<Element>.stride + 64)
    pointer = block.memory.assumingMemoryBound(to: Element.self)
    capacity = block.capacity
  }

  deinit {
    MemoryPool.shared.deallocate(UnsafeMutableRawPointer(pointer), capacity: capacity)
  }

  var buffer: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }

  func copy() -> TensorStorage {
    let other = TensorStorage(uninitialized: count)
    other.pointer.update(from: pointer, count: count)
    return other
  }
}
