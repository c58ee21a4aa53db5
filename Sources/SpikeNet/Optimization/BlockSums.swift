/// Sums over fixed blocks in double precision: equal for every number of threads.
struct BlockSums {
  let count: Int
  let parallel: Parallel

  private static let blockSize = OptimizerStep.blockSize

  /// The sum of the squares of `element` over all indices below `count`.
  @inline(__always)
  func squares(of element: (Int) -> Float) -> Double {
    var sums = [Double](repeating: 0, count: (count + Self.blockSize - 1) / Self.blockSize)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      parallel.forEachBlock(of: count, size: Self.blockSize) { block in
        var sum = 0.0
        for i in block {
          let x = Double(element(i))
          sum += x * x
        }
        sums[block.lowerBound / Self.blockSize] = sum
      }
    }
    return sums.reduce(0, +)
  }
}
